// Alerts of all but executives: where fewer leads come through than is expected.
// One of an executive is told to him and his lead, and never to the floor.

import { dateIn, dayName } from "./calendar.js";
import { count } from "./format.js";
import { h } from "./patch.js";

const SHOWN = 3;
const NEW_MS = 15 * 60_000;
const LEVELS = ["company", "channel", "campaign", "branch", "team"];
const WORDS = { branch: "Branch", channel: "Channel", campaign: "Campaign" };

// The highest level first, then the latest.
export function openAlerts(store) {
  return (store.alerts ?? [])
    .filter((alert) => LEVELS.includes(alert.level))
    .sort(
      (one, other) =>
        LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level) ||
        other.raised.localeCompare(one.raised) ||
        one.id.localeCompare(other.id),
    );
}

// The region is always there, so that screen readers hear what is added; not every case that is
// counted since.
export function alerts(store, open, isLastKnown, now) {
  return h(
    "div",
    { class: "alerts", role: "log", "aria-label": "Alerts", "aria-relevant": "additions" },
    open.length > 0 && tile(store, open, isLastKnown, now),
  );
}

function tile(store, open, isLastKnown, now) {
  const more = open.length > SHOWN ? `and ${open.length - SHOWN} more` : null;
  const remark = [more, isLastKnown && "last known"].filter(Boolean).join(", ");
  return h(
    "section",
    { class: "tile alarm", "aria-label": "Open alerts" },
    h(
      "h2",
      null,
      h("span", { class: "behind" }, "▼ Fewer leads than expected"),
      remark && h("span", { class: "remark" }, remark),
    ),
    h("ol", { class: "rows" }, open.slice(0, SHOWN).map((alert) => row(store, alert, now))),
  );
}

function row(store, alert, now) {
  const { currency, timezone } = store.catalogue;
  const seen = store.alertsSeen.get(alert.id) ?? null;
  const isNew = seen !== null && now - seen < NEW_MS;
  const since = dayName(alert.since, dateIn(timezone, now));
  const reached = `${count(alert.observed, currency)} of ${expected(alert.expected, currency)}`;
  return h(
    "li",
    { class: isNew && "new", title: alert.explanation },
    h("span", { class: "name" }, isNew && [h("strong", { class: "mark" }, "new"), " "], place(alert)),
    h("span", { class: "figure" }, `${reached} ${alert.stage}`),
    h("span", { class: "muted" }, `since ${since}`),
  );
}

function place({ level, entity }) {
  if (level === "company") return "Company";
  const name = entity.slice(level.length + 1);
  return WORDS[level] ? `${WORDS[level]} ${name}` : name;
}

// Of a few, a tenth matters.
function expected(cases, currency) {
  return cases < 10 ? cases.toFixed(1) : count(cases, currency);
}
