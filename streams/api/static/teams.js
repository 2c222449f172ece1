// Each team against its own goal, furthest first; a page at a time where there are many.

import { bar } from "./bar.js";
import { percent, shortMoney } from "./format.js";
import { name } from "./name.js";
import { monthPace } from "./pace.js";
import { h } from "./patch.js";
import { VOLUME } from "./store.js";

const PAGE = 7;
const PAGE_MS = 20_000;
const MOST = 1.5;
const WORDS = { ahead: "▲ ahead", reach: "in reach", behind: "▼ behind", early: "too early" };

export function teams(store, now) {
  const all = store
    .of("team", "month")
    .map((score) => ({ name: score.entity, ...monthPace(score) }))
    .sort((one, other) => (other.share ?? -1) - (one.share ?? -1) || one.name.localeCompare(other.name));
  const scale = Math.min(MOST, Math.max(1, ...all.map((team) => team.share ?? 0)));
  const pages = Math.max(1, Math.ceil(all.length / PAGE));
  const page = Math.floor((store.pausedAt ?? now) / PAGE_MS) % pages;
  const shown = all.slice(page * PAGE, (page + 1) * PAGE);
  return h(
    "section",
    { class: "tile teams", "aria-label": "Teams" },
    h(
      "h2",
      null,
      "Teams against their own goal",
      h("span", { class: "remark" }, remark(page, pages, store.pausedAt !== null)),
    ),
    shown.length === 0
      ? h("p", { class: "muted empty" }, "No team has a score yet.")
      : h("ol", { class: "rows" }, shown.map((team) => row(store, team, scale))),
  );
}

function remark(page, pages, paused) {
  if (pages === 1) return "tick: due by tonight";
  const place = `${page + 1} of ${pages}`;
  return paused ? `${place}, paused` : `tick: due, ${place}`;
}

function row(store, team, scale) {
  const title = store.definition(VOLUME);
  if (team.goal === null) {
    const amount = team.loans === 0 ? "nothing yet" : shortMoney(team.value, store.catalogue.currency);
    return h(
      "li",
      null,
      name(team.name),
      h("span", { class: "muted" }, "no goal"),
      h("span", { class: "wide", title }, amount),
    );
  }
  const behind = team.standing === "behind";
  return h(
    "li",
    null,
    name(team.name),
    bar({ ...team, forecast: null, scale, behind, height: 30 }),
    team.loans === 0
      ? h("span", { class: "muted wide", title }, "nothing yet")
      : [
          h("span", { class: "figure", title }, percent(team.share)),
          h("span", { class: team.standing }, WORDS[team.standing]),
        ],
  );
}
