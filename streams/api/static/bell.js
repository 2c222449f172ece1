// The bell: somebody closed a loan. One banner after the other, each for six seconds; after one of
// many the floor is seen for a while before the next.

import { figure, VOLUME } from "./store.js";
import { chime } from "./sound.js";

const SHOWN_MS = 6000;
const REST_MS = 30_000;
const WAITING = 4;

// What a change of an executive's day is worth ringing for; null if it is not a rise.
// What was never seen before is no rise: at first everything is news.
export function rise(before, after) {
  if (after.level !== "executive" || after.window !== "day" || before === undefined) return null;
  // A new day begins at nothing.
  const known = before.start === after.start ? before : null;
  const loans = (figure(after, VOLUME, "n") ?? 0) - (figure(known, VOLUME, "n") ?? 0);
  if (loans <= 0) return null;
  const amount = (figure(after, VOLUME) ?? 0) - (figure(known, VOLUME) ?? 0);
  return {
    entity: after.entity,
    name: after.name ?? after.entity,
    team: after.parent?.startsWith("team:") ? after.parent.slice("team:".length) : null,
    loans,
    // With a cancellation at the same moment nobody knows what the new loan is worth.
    amount: amount > 0 ? amount : null,
  };
}

// Several as one; the time is that of the last.
function together(one, other) {
  const people = new Set([...peopleOf(one), ...peopleOf(other)]);
  return {
    ...other,
    name: people.size > 1 ? "The floor" : other.name,
    team: people.size > 1 ? null : other.team,
    loans: one.loans + other.loans,
    amount: (one.amount ?? 0) + (other.amount ?? 0) || null,
    people,
  };
}

const peopleOf = (news) => news.people ?? [news.entity];

export class Bell {
  constructor(store) {
    this.store = store;
    this.queue = [];
    this.room = WAITING;
    this.busy = false;
  }

  hear(before, after) {
    const rung = rise(before, after);
    if (rung === null) return;
    const news = { ...rung, at: this.store.now() };
    this.store.set({ lastRing: news });
    this.#wait(news);
    if (!this.busy) this.#next();
  }

  // Many at once, as after a long cut, become one banner, so that the bell is never late for long.
  #wait(news) {
    if (this.queue.length < this.room) this.queue.push(news);
    else this.queue.push(together(this.queue.pop(), news));
  }

  #next() {
    const news = this.queue.shift() ?? null;
    this.busy = news !== null;
    this.store.set({ ringing: news });
    if (news === null) {
      this.room = WAITING;
      return;
    }
    if (this.store.sound) chime();
    setTimeout(() => (news.people ? this.#rest() : this.#next()), SHOWN_MS);
  }

  // Where loans never cease, what lies beneath would never be seen: they are told now and then.
  #rest() {
    this.room = 1;
    if (this.queue.length > 1) this.queue = [this.queue.reduce(together)];
    this.store.set({ ringing: null });
    setTimeout(() => this.#next(), REST_MS);
  }
}
