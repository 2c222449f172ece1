// Days as a score places them. Dates are local dates of the business, as `YYYY-MM-DD`.

const DAY_MS = 86_400_000;

const at = (date) => new Date(`${date.slice(0, 10)}T00:00:00Z`);
const words = (parts, moment) =>
  new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: "UTC" }).format(moment);

// The date of a moment in a time zone.
export function dateIn(timezone, moment) {
  const parts = { timeZone: timezone ?? undefined, year: "numeric", month: "2-digit", day: "2-digit" };
  return new Intl.DateTimeFormat("en-CA", parts).format(moment);
}

// The time of day of a moment in a time zone, as `14:05`.
export function clockIn(timezone, moment) {
  const parts = { timeZone: timezone ?? undefined, hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat("en-GB", parts).format(moment);
}

// Whether a score of the window `day` is of the day of a moment; yesterday's is no news of today.
export function isToday(score, timezone, moment) {
  return score !== undefined && score.start.slice(0, 10) === dateIn(timezone, moment);
}

// The month of a score up to its last day, as `March to date, Tuesday 24`.
export function monthToDate(score) {
  const today = new Date(at(score.end).getTime() - DAY_MS);
  const weekday = words({ weekday: "long" }, today);
  return `${words({ month: "long" }, at(score.start))} to date, ${weekday} ${today.getUTCDate()}`;
}

// A date as people say it: `20 Nov`, or `today`.
export function dayName(date, today) {
  return date === today ? "today" : words({ day: "numeric", month: "short" }, at(date));
}
