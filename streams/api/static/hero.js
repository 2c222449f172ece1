// The hero: the company's month against its goal, and its day.

import { bar } from "./bar.js";
import { isToday } from "./calendar.js";
import { count, loans, moneyRange, percent, points, shortMoney } from "./format.js";
import { monthPace } from "./pace.js";
import { h } from "./patch.js";
import { ATTAINMENT, figure, QUALIFIED, VOLUME } from "./store.js";

// The bar ends here at the latest, however far an early forecast reaches.
const MOST = 1.5;
const SCORE =
  "Overall score of the company this month, 0 to 100: the weighted mean of the areas that have points.";

export function hero(store, now) {
  const company = store.get("company", "company", "month");
  return h(
    "section",
    { class: "tile hero", "aria-label": "The company's month" },
    h("h2", null, "Disbursed this month"),
    company ? month(store, monthPace(company)) : nothing(),
    h("dl", { class: "figures" }, score(company), today(store, now)),
  );
}

function nothing() {
  return h(
    "div",
    { class: "month" },
    h("p", { class: "key words" }, "Nothing yet"),
    h("p", { class: "muted" }, "The company has no score yet."),
  );
}

function month(store, pace) {
  const title = store.definition(VOLUME);
  const { currency } = store.catalogue;
  const key =
    pace.loans === 0
      ? h("span", { class: "key words", title }, "Nothing yet")
      : h("span", { class: "key", title }, shortMoney(pace.value, currency));
  if (pace.goal === null) {
    const why = h("p", { class: "muted" }, "No goal is set for this month");
    return h("div", { class: "month" }, h("p", { class: "amount" }, key), why);
  }
  const goal = shortMoney(pace.goal, currency);
  const scale = Math.min(MOST, Math.max(1, pace.share, pace.forecast?.high ?? 0));
  return h(
    "div",
    { class: "month" },
    h("p", { class: "amount" }, key, h("span", { class: "of" }, ` of ${goal}`)),
    bar({ ...pace, scale, behind: pace.standing === "behind", height: 60 }),
    h(
      "p",
      { class: "pace" },
      h("span", { class: pace.standing, title: store.definition(ATTAINMENT) }, end(pace, currency)),
      h("span", { class: "muted" }, `${percent(pace.share)} reached, ${percent(pace.tick)} due`),
    ),
  );
}

const ARROWS = { ahead: "▲ ", reach: "", behind: "▼ " };

function end({ forecast, goal, standing }, currency) {
  if (forecast === null) return "Too early for a forecast";
  const range = moneyRange(forecast.low * goal, forecast.high * goal, currency);
  return `${ARROWS[standing]}Likely to end at ${range}`;
}

function score(company) {
  if (company?.score == null) return cell("Score", "too little yet", { title: SCORE, words: true });
  return cell("Score", points(company.score), { title: SCORE, note: "of 100" });
}

function today(store, now) {
  const known = store.get("company", "company", "day");
  const day = isToday(known, store.catalogue.timezone, now) ? known : undefined;
  const { currency } = store.catalogue;
  const closed = figure(day, VOLUME, "n") ?? 0;
  const qualified = figure(day, QUALIFIED) ?? 0;
  const money = (amount) => shortMoney(amount, currency);
  const number = (n) => count(n, currency);
  return [
    dayCell("Closed today", closed, loans(closed), store.definition(VOLUME), null),
    dayCell(
      "Disbursed today",
      closed,
      money(figure(day, VOLUME) ?? 0),
      store.definition(VOLUME),
      change(figure(day, VOLUME, "change"), money),
    ),
    dayCell(
      "Leads qualified today",
      qualified,
      number(qualified),
      store.definition(QUALIFIED),
      change(figure(day, QUALIFIED, "change"), number),
    ),
  ];
}

function dayCell(label, n, value, title, note) {
  if (n === 0) return cell(label, "nothing yet", { title, words: true });
  return cell(label, value, { title, note });
}

// Against yesterday up to the same hour.
function change(amount, text) {
  if (amount === null || amount === 0) return null;
  const title = "Against yesterday up to the same hour";
  return amount > 0
    ? h("span", { class: "ahead", title }, `▲ ${text(amount)} on yesterday`)
    : h("span", { class: "behind", title }, `▼ ${text(-amount)} on yesterday`);
}

function cell(label, value, { title, note, words }) {
  return h(
    "div",
    null,
    h("dt", null, label),
    h("dd", { class: words ? "figure words" : "figure", title }, value),
    note && h("dd", { class: "note" }, note),
  );
}
