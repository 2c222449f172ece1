// The floor: the whole page as a function of the store and the time.

import { alerts, openAlerts, SHOWN } from "./alerts.js";
import { banner } from "./banner.js";
import { monthToDate } from "./calendar.js";
import { clock } from "./format.js";
import { hero } from "./hero.js";
import { h } from "./patch.js";
import { closers, leaders, movers } from "./people.js";
import { standing } from "./standing.js";
import { teams } from "./teams.js";

const MINUTE_MS = 60_000;
const DRIFTS = 4;

export function floor(store, now) {
  const state = standing(store, now);
  const open = openAlerts(store);
  return [
    head(store, state, now),
    h(
      "main",
      {
        class: open.length > 0 ? "tiles alarmed" : "tiles",
        "data-alerts": open.length > 0 && Math.min(open.length, SHOWN),
        "data-standing": state.kind,
        // Moves by a pixel a minute, against burn-in.
        "data-drift": Math.floor(now / MINUTE_MS) % DRIFTS,
      },
      store.scores.size === 0 ? empty(state) : tiles(store, open, state, now),
    ),
    banner(store),
    controls(store),
  ];
}

function tiles(store, open, state, now) {
  const isLastKnown = ["stale", "cut"].includes(state.kind);
  return [
    hero(store, now),
    teams(store, now),
    leaders(store),
    movers(store),
    closers(store, now),
    alerts(store, open, isLastKnown, now),
  ];
}

function empty(state) {
  const [words, more] =
    state.kind === "live"
      ? ["Nothing yet", "Scores come when a worker has read its first events."]
      : ["One moment", "What is known comes when the server has it."];
  return h("section", { class: "empty" }, h("p", { class: "words" }, words), h("p", null, more));
}

function head(store, state, now) {
  return h(
    "header",
    null,
    h("h1", null, "Sales floor"),
    h("p", { class: "period" }, period(store)),
    h("p", { class: `standing ${state.kind}`, title: state.why, role: spoken(state) }, state.words),
    h("p", { class: "clock" }, h("time", null, clock(now, store.catalogue.timezone))),
  );
}

// An age that grows by the second is not read aloud.
function spoken(state) {
  return ["stale", "cut", "waiting"].includes(state.kind) ? "status" : null;
}

function period(store) {
  const company = store.get("company", "company", "month");
  return company === undefined ? "" : monthToDate(company);
}

function controls(store) {
  const button = (action, key, words, pressed) =>
    h("button", { type: "button", "data-action": action, "aria-pressed": pressed }, `${words} (${key})`);
  const paused = store.pausedAt !== null;
  return h(
    "nav",
    { class: "controls", "aria-label": "Display" },
    button("theme", "T", "Light or dark", null),
    button("sound", "S", store.sound ? "Sound is on" : "Sound is off", String(store.sound)),
    button("pause", "P", paused ? "Turning is paused" : "Pause turning", String(paused)),
  );
}
