// Alerts of all but executives: where fewer leads come through than is expected, or a KPI is
// worse.
// One of an executive is told to him and his lead, and never to the floor.

import { clockIn, dateIn, dayName } from "./calendar.js";
import { count } from "./format.js";
import { name } from "./name.js";
import { h } from "./patch.js";

export const SHOWN = 3;
const NEW_MS = 15 * 60_000;
const STAGES = ["contacted", "qualified", "applied", "disbursed"];
const LEVELS = ["company", "channel", "campaign", "branch", "team"];
const WORDS = { branch: "Branch", channel: "Channel", campaign: "Campaign" };

// What is watched, for people.
const watched = ({ title, indicator }) => title ?? indicator;

// Stages of a lead in their order, and then KPIs.
const step = ({ indicator }) =>
  STAGES.includes(indicator) ? STAGES.indexOf(indicator) : STAGES.length;

// Whether somebody has seen it and wants no more word of it for now.
const isQuiet = ({ handling }) => (handling ?? null) !== null && handling.state !== "open";

// Alerts by place, a list each, its first step first: who is not contacted is not qualified either.
// Places that want an eye first, of them the highest level, then the latest.
export function openAlerts(store) {
  const places = new Map();
  for (const alert of inOrder(store.alerts ?? [])) {
    const place = `${isQuiet(alert)} ${alert.entity}`;
    places.set(place, [...(places.get(place) ?? []), alert]);
  }
  return [...places.values()].map((found) =>
    found.sort((one, other) => step(one) - step(other)),
  );
}

function inOrder(alerts) {
  return alerts
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
    { class: open.flat().every(isQuiet) ? "tile alarm calm" : "tile alarm", "aria-label": "Open alerts" },
    h(
      "h2",
      null,
      h("span", { class: "behind" }, heading(open)),
      remark && h("span", { class: "remark" }, remark),
    ),
    h("ol", { class: "rows" }, open.slice(0, SHOWN).map((found) => row(store, found, now))),
  );
}

function row(store, found, now) {
  const { currency, timezone } = store.catalogue;
  const [alert, ...later] = found;
  const quiet = isQuiet(alert);
  const fresh = quiet ? undefined : found.find(({ id }) => isFresh(store.alertsSeen.get(id), now));
  const mark = fresh && [h("strong", { class: "mark" }, fresh.handling?.again ? "again" : "new"), " "];
  const since = dayName(alert.since, dateIn(timezone, now));
  const absent = alert.kind === "absent";
  const also = later.length > 0 ? `, also ${later.map(watched).join(", ")}` : "";
  const from = absent ? momentName(alert.silent_since, timezone, now) : since;
  return h(
    "li",
    {
      class: quiet ? "quiet" : fresh && "new",
      title: found.map(({ explanation }) => explanation).join("\n"),
    },
    name(place(alert), { mark }),
    h("span", { class: "figure" }, absent ? "no events" : `${figure(alert, currency)}${also}`),
    h("span", { class: "muted" }, quiet ? said(alert.handling, timezone, now) : `since ${from}`),
  );
}

const isFresh = (seen, now) => seen != null && now - seen < NEW_MS;

// How many came of how many, or what a KPI is and what it usually is.
function figure({ indicator, title, value, usual, unit, observed, expected }, currency) {
  if ((value ?? null) !== null) {
    return `${title} ${short(value, currency)}${unit}, usually ${short(usual, currency)}${unit}`;
  }
  const reached = `${count(observed, currency)} of ${short(expected, currency)}`;
  return title ? `${title} ${reached}` : `${reached} ${indicator}`;
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
  const absent = open.filter(([{ kind }]) => kind === "absent").length;
  if (absent === open.length) return "▼ Events do not come";
  const worse = open.flat().some(({ title }) => title) ? "Worse" : "Fewer leads";
  return absent > 0 ? `▼ ${worse}, and no events` : `▼ ${worse} than expected`;
}

function place({ level, entity, source }) {
  if (source) return `Source ${source}`;
  if (level === "company") return "Company";
  const name = entity.slice(level.length + 1);
  return WORDS[level] ? `${WORDS[level]} ${name}` : name;
}

// Of a few, a tenth matters.
function short(figure, currency) {
  return Math.abs(figure) < 10 ? figure.toFixed(1) : count(figure, currency);
}
