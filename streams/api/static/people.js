// Executives: who leads, who moves up, who closed today. Nobody is shown as the last.

import { isToday } from "./calendar.js";
import { clock, fullMoney, loans, points, shortMoney } from "./format.js";
import { h } from "./patch.js";
import { figure, VOLUME } from "./store.js";

const SHOWN = 5;
const SCORE = "Overall score this month, 0 to 100: the weighted mean of the areas that have points.";

const nameOf = (score) => score.name ?? score.entity;
const byName = (one, other) => nameOf(one).localeCompare(nameOf(other));

export function leaders(store) {
  const ranked = store
    .of("executive", "month")
    .filter((score) => score.score !== null)
    .map((score) => ({ ...score, shown: Math.round(score.score * 10) / 10 }))
    .sort((one, other) => other.shown - one.shown || byName(one, other));
  const places = [...new Set(ranked.map((score) => score.shown))];
  const rows = ranked
    .slice(0, SHOWN)
    .map((score) => [
      h("span", { class: "place" }, String(places.indexOf(score.shown) + 1)),
      h("span", { class: "name" }, nameOf(score)),
      h("span", { class: "figure", title: SCORE }, points(score.score)),
    ]);
  return list("leaders", "Leading this month", "score", rows, "Too little yet for a score.");
}

export function movers(store) {
  const rows = rising(store)
    .slice(0, SHOWN)
    .map(([score, change]) => [
      h("span", { class: "name" }, nameOf(score)),
      h(
        "span",
        { class: "figure ahead", title: store.definition(VOLUME) },
        `▲ ${shortMoney(change, store.catalogue.currency)}`,
      ),
    ]);
  const empty = "Nobody is ahead of last month yet.";
  return list("movers", "Moving up", "on last month by this day", rows, empty);
}

// Executives with more volume than in the same days of the month before.
function rising(store) {
  return store
    .of("executive", "month")
    .map((score) => [score, figure(score, VOLUME, "change") ?? 0])
    .filter(([, change]) => change > 0)
    .sort(([one, less], [other, more]) => more - less || byName(one, other));
}

export function closers(store, now) {
  const { currency, timezone } = store.catalogue;
  const rows = store
    .of("executive", "day")
    .filter((score) => isToday(score, timezone, now) && figure(score, VOLUME, "n") > 0)
    .sort((one, other) => figure(other, VOLUME) - figure(one, VOLUME) || byName(one, other))
    .slice(0, SHOWN)
    .map((score) => [
      h("span", { class: "name" }, nameOf(score)),
      h("span", { class: "muted" }, loans(figure(score, VOLUME, "n"))),
      h(
        "span",
        { class: "figure", title: store.definition(VOLUME) },
        shortMoney(figure(score, VOLUME), currency),
      ),
    ]);
  return list("closers", "Closed today", last(store), rows, "Nothing yet today.");
}

function last(store) {
  const ring = store.lastRing;
  if (ring === null) return null;
  const { currency, timezone } = store.catalogue;
  const amount = ring.amount === null ? "" : ` ${fullMoney(ring.amount, currency)}`;
  return `last ${ring.name}${amount}, ${clock(ring.at, timezone)}`;
}

function list(kind, heading, remark, rows, empty) {
  return h(
    "section",
    { class: `tile ${kind}`, "aria-label": heading },
    h("h2", null, heading, remark && h("span", { class: "remark" }, remark)),
    rows.length === 0
      ? h("p", { class: "muted empty" }, empty)
      : h("ol", { class: "rows" }, rows.map((cells) => h("li", null, cells))),
  );
}
