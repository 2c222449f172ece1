// How far an entity is in its month, how far it should be by tonight, and where it is likely to end.

import { ATTAINMENT, figure, VOLUME } from "./store.js";

// Shares are of the goal of the whole month.
export function monthPace(score) {
  const value = figure(score, VOLUME) ?? 0;
  const loans = figure(score, VOLUME, "n") ?? 0;
  const goal = figure(score, ATTAINMENT, "period_target");
  if (goal === null || goal <= 0) return { value, loans, goal: null };
  const low = figure(score, ATTAINMENT, "pace_low");
  const high = figure(score, ATTAINMENT, "pace_high");
  // Of nothing yet there is nothing to go on.
  const forecast = loans === 0 || low === null || high === null ? null : { low, high };
  return {
    value,
    loans,
    goal,
    forecast,
    share: value / goal,
    tick: (figure(score, ATTAINMENT, "denominator") ?? 0) / goal,
    standing: standing(forecast),
  };
}

// Ahead or behind is who is likely to end on that side of the goal: all of the forecast is there.
function standing(forecast) {
  if (forecast === null) return "early";
  if (forecast.low >= 1) return "ahead";
  return forecast.high < 1 ? "behind" : "reach";
}
