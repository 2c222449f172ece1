// Alerts of all but executives: where fewer leads come through than is expected.
// One of an executive is told to him and his lead, and never to the floor.

import { clockIn, dateIn, dayName } from "./calendar.js";
import { count } from "./format.js";
import { name } from "./name.js";
import { h } from "./patch.js";

export const SHOWN = 3;
const NEW_MS = 15 * 60_000;
const LEVELS = ["company", "channel", "campaign", "branch", "team"];
const WORDS = { branch: "Branch", channel: "Channel", campaign: "Campaign" };

// Whether somebody has seen it and wants no more word of it for now.
const isQuiet = ({ handling }) => (handling ?? null) !== null && handling.state !== "open";

// Those that want an eye first, of them the highest level, then the latest.
export function openAlerts(store) {
  return (store.alerts ?? [])
    .filter((alert) => LEVELS.includes(alert.level))
    .sort(
      (one, other) =>
        isQuiet(one) - isQuiet(other) ||
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
    { class: open.every(isQuiet) ? "tile alarm calm" : "tile alarm", "aria-label": "Open alerts" },
    h(
      "h2",
      null,
      h("span", { class: "behind" }, heading(open)),
      remark && h("span", { class: "remark" }, remark),
    ),
    h("ol", { class: "rows" }, open.slice(0, SHOWN).map((alert) => row(store, alert, now))),
  );
}

function row(store, alert, now) {
  const { currency, timezone } = store.catalogue;
  const seen = store.alertsSeen.get(alert.id) ?? null;
  const quiet = isQuiet(alert);
  const isNew = !quiet && seen !== null && now - seen < NEW_MS;
  const mark = isNew && [h("strong", { class: "mark" }, alert.handling?.again ? "again" : "new"), " "];
  const since = dayName(alert.since, dateIn(timezone, now));
  const absent = alert.kind === "absent";
  const reached = `${count(alert.observed, currency)} of ${expected(alert.expected, currency)}`;
  const from = absent ? momentName(alert.silent_since, timezone, now) : since;
  return h(
    "li",
    { class: quiet ? "quiet" : isNew && "new", title: alert.explanation },
    name(place(alert), { mark }),
    h("span", { class: "figure" }, absent ? "no events" : `${reached} ${alert.stage}`),
    h("span", { class: "muted" }, quiet ? said(alert.handling, timezone, now) : `since ${from}`),
  );
}

// Who has seen it and when, or until when it is quiet.
function said({ state, by, at, until }, timezone, now) {
  if (state === "snoozed") return `until ${momentName(until, timezone, now)} (${by})`;
  return `seen ${momentName(at, timezone, now)} (${by})`;
}

// A moment of today by its time, another by its day.
function momentName(text, timezone, now) {
  const moment = new Date(text);
  const [date, today] = [moment, now].map((each) => dateIn(timezone, each));
  return date === today ? clockIn(timezone, moment) : dayName(date, today);
}

function heading(open) {
  const absent = open.filter(({ kind }) => kind === "absent").length;
  if (absent === open.length) return "▼ Events do not come";
  return absent > 0 ? "▼ Fewer leads, and no events" : "▼ Fewer leads than expected";
}

function place({ level, entity, source }) {
  if (source) return `Source ${source}`;
  if (level === "company") return "Company";
  const name = entity.slice(level.length + 1);
  return WORDS[level] ? `${WORDS[level]} ${name}` : name;
}

// Of a few, a tenth matters.
function expected(cases, currency) {
  return cases < 10 ? cases.toFixed(1) : count(cases, currency);
}
