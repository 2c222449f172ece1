// Figures as text.

const NBSP = "\u00a0";
const LAKH = 1e5;
const CRORE = 1e7;

const locale = (currency) => (currency === "INR" ? "en-IN" : navigator.language);

// An amount in few characters: ₹4.82 Cr, ₹38.4 L, ₹84,500; other currencies as their locale has it.
export function shortMoney(amount, currency) {
  if (currency !== "INR") {
    return number(amount, currency, { notation: "compact", maximumSignificantDigits: 3 });
  }
  const size = Math.abs(amount);
  // What would be rounded to a hundred lakh is a crore.
  if (size >= 99.95 * LAKH) {
    const places = size >= 100 * CRORE ? 0 : 2;
    const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
    return `${number(amount / CRORE, currency, digits)}${NBSP}Cr`;
  }
  if (size >= LAKH) {
    return `${number(amount / LAKH, currency, { maximumSignificantDigits: 3 })}${NBSP}L`;
  }
  return fullMoney(amount, currency);
}

// Two amounts as a range; the unit once, if both have the same.
export function moneyRange(low, high, currency) {
  const [from, to] = [low, high].map((amount) => shortMoney(amount, currency));
  if (from === to) return to;
  const unit = to.split(NBSP)[1];
  return `${unit && from.endsWith(NBSP + unit) ? from.split(NBSP)[0] : from} to ${to}`;
}

// An amount in whole units: ₹4,50,000.
export function fullMoney(amount, currency) {
  return number(amount, currency, { maximumFractionDigits: 0 });
}

function number(amount, currency, options) {
  const money = currency ? { style: "currency", currency } : {};
  return new Intl.NumberFormat(locale(currency), { ...money, ...options }).format(amount);
}

export function count(n, currency) {
  return new Intl.NumberFormat(locale(currency), { maximumFractionDigits: 0 }).format(n);
}

// A share as whole per cent; 100 only where it is reached.
export function percent(share) {
  return `${Math.floor(share * 100 + 1e-9)}${NBSP}%`;
}

export function points(score) {
  return score.toFixed(1);
}

export function loans(n) {
  return n === 1 ? "1 loan" : `${n} loans`;
}

// A length of time in its largest unit: 4 s, 12 min, 3 h, 2 d.
export function age(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds}${NBSP}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${NBSP}min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)}${NBSP}h`;
  return `${Math.floor(seconds / 86_400)}${NBSP}d`;
}

export function clock(moment, timezone) {
  const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: timezone ?? undefined }).format(
    moment,
  );
}

// A moment as people say it: 14:32, or 14:32 on 24 Nov if that is another day.
export function since(moment, now, timezone) {
  const zone = { timeZone: timezone ?? undefined };
  const day = new Intl.DateTimeFormat("en-GB", { ...zone, day: "numeric", month: "short" });
  const time = clock(moment, timezone);
  return day.format(moment) === day.format(now) ? time : `${time} on ${day.format(moment)}`;
}
