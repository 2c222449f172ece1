// How far an entity is in its month, and how far it should be.

import { monthDays } from "./calendar.js";
import { figure, VOLUME } from "./store.js";

// A month's target so far counts the business days that have begun, each with an equal part: so
// it is today's pace, and the goal of the month is in proportion.
export function monthPace(score) {
  const days = monthDays(score);
  const value = figure(score, VOLUME) ?? 0;
  const loans = figure(score, VOLUME, "n") ?? 0;
  const pace = figure(score, VOLUME, "target");
  if (pace === null || pace <= 0 || days.elapsed === 0) return { days, value, loans, goal: null };
  const goal = (pace * days.total) / days.elapsed;
  return {
    days,
    value,
    loans,
    pace,
    goal,
    share: value / goal,
    tick: days.elapsed / days.total,
    standing: standing(value, pace, (pace * days.before) / days.elapsed),
  };
}

// Behind is who has not what was due by last night; the rest of today's part is still to come.
function standing(value, pace, due) {
  if (value >= pace) return "ahead";
  return value >= due ? "course" : "behind";
}
