// Days of a month as a score places it. Dates are local dates of the business, as `YYYY-MM-DD`.

const DAY_MS = 86_400_000;

const at = (date) => new Date(`${date.slice(0, 10)}T00:00:00Z`);

function businessDays(from, upto) {
  let days = 0;
  for (let day = from.getTime(); day <= upto.getTime(); day += DAY_MS) {
    if (new Date(day).getUTCDay() % 6 !== 0) days += 1;
  }
  return days;
}

// Business days, Monday to Friday, of the month of a score: up to its last day, before that day,
// and in the whole month.
export function monthDays(score) {
  const first = at(score.start);
  const today = new Date(at(score.end).getTime() - DAY_MS);
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0));
  return {
    elapsed: businessDays(first, today),
    before: businessDays(first, new Date(today.getTime() - DAY_MS)),
    total: businessDays(first, last),
  };
}

// The date of a moment in a time zone.
export function dateIn(timezone, moment) {
  const parts = { timeZone: timezone ?? undefined, year: "numeric", month: "2-digit", day: "2-digit" };
  return new Intl.DateTimeFormat("en-CA", parts).format(moment);
}

// Whether a score of the window `day` is of the day of a moment; yesterday's is no news of today.
export function isToday(score, timezone, moment) {
  return score !== undefined && score.start.slice(0, 10) === dateIn(timezone, moment);
}

export function monthName(score) {
  return new Intl.DateTimeFormat("en", { month: "long", timeZone: "UTC" }).format(at(score.start));
}
