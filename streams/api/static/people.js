// Executives: who leads, who moves up, who closed today. Nobody is shown as the last.

import { isToday } from "./calendar.js";
import { clock, loans, points, shortMoney } from "./format.js";
import { name } from "./name.js";
import { h } from "./patch.js";
import { figure, VOLUME } from "./store.js";

const SHOWN = 5;
// Characters of a name that have room.
const LONGEST = 24;
const SCORE = "Overall score this month, 0 to 100: the weighted mean of the areas that have points.";
const LUCK = "Where each could stand by luck alone, four times in five. The fewer cases, the wider.";
const AHEAD = "Who has disbursed more than in the same days of last month, and how much more.";
const NBSP = "\u00a0";

const nameOf = (score) => score.name ?? score.entity;
const person = (score) => name(short(nameOf(score)), { full: nameOf(score) });

// Of a long name the words in the middle are initials: Lakshmi V. Iyer.
function short(full) {
  const words = full.split(" ");
  if (full.length <= LONGEST || words.length < 3) return full;
  const initials = words.slice(1, -1).map((word) => `${[...word][0]}.`);
  return [words[0], ...initials, words.at(-1)].join(" ");
}

const byName = (one, other) => nameOf(one).localeCompare(nameOf(other));

export function leaders(store) {
  const { places, ranked } = store.leaders ?? { places: [], ranked: 0 };
  const best = places.filter(({ rank }) => rank !== null);
  const rows = best.map((place) => [
    h("span", { class: "place", title: chances(place, ranked) }, String(place.rank)),
    h("span", { class: "chances", title: chances(place, ranked) }, range(place)),
    person(place),
    h("span", { class: "figure", title: SCORE }, points(place.score)),
  ]);
  const empty = store.leaders === null ? NBSP : "Too little yet for a score.";
  const example = best.map(range).find(Boolean);
  const legend = h(
    "p",
    { class: "muted legend", title: LUCK },
    example ? `${example}: give or take luck` : NBSP,
  );
  return list("leaders", "Leading this month", { remark: "score", rows, empty, legend });
}

// The places that chance leaves open; nothing where it leaves one, or where nobody knows.
function range({ best_rank: from, worst_rank: to }) {
  return from === to ? "" : `${from}–${to}`;
}

function chances(place, ranked) {
  const { rank, best_rank: from, worst_rank: to } = place;
  const stands = `Place ${rank} of ${ranked}`;
  if (from === null) return stands;
  return from === to
    ? `${stands}; luck alone leaves no other, four times in five`
    : `${stands}; by luck alone anywhere from ${from} to ${to}, four times in five`;
}

export function movers(store) {
  const rows = rising(store)
    .slice(0, SHOWN)
    .map(([score, change]) => [
      person(score),
      h(
        "span",
        { class: "figure ahead", title: store.definition(VOLUME) },
        `▲ ${shortMoney(change, store.catalogue.currency)}`,
      ),
    ]);
  const empty = "Nobody is ahead of last month yet.";
  return list("movers", "Moving up on last month", { title: AHEAD, rows, empty });
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
      person(score),
      h("span", { class: "muted" }, loans(figure(score, VOLUME, "n"))),
      h(
        "span",
        { class: "figure", title: store.definition(VOLUME) },
        shortMoney(figure(score, VOLUME), currency),
      ),
    ]);
  return list("closers", "Closed today", { remark: last(store), rows, empty: "Nothing yet today." });
}

function last(store) {
  const ring = store.lastRing;
  if (ring === null) return null;
  const { currency, timezone } = store.catalogue;
  const amount = ring.amount === null ? "" : ` ${shortMoney(ring.amount, currency)}`;
  return `last ${short(ring.name)}${amount}, ${clock(ring.at, timezone)}`;
}

function list(kind, heading, { title, remark, rows, empty, legend }) {
  return h(
    "section",
    { class: `tile ${kind}`, "aria-label": heading },
    h("h2", { title }, heading, remark && h("span", { class: "remark" }, remark)),
    rows.length === 0
      ? h("p", { class: "muted empty" }, empty)
      : h("ol", { class: "rows" }, rows.map((cells) => h("li", null, cells))),
    rows.length > 0 && legend,
  );
}
