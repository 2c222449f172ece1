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

export class Bell {
  constructor(store) {
    this.store = store;
    this.queue = [];
    this.busy = false;
  }

  hear(before, after) {
    const news = rise(before, after);
    if (news === null) return;
    this.#wait({ ...news, at: this.store.now() });
    if (!this.busy) this.#next();
  }

  // Many at once, as after a long cut, become one banner, so that the bell is never late for long.
  #wait(news) {
    if (this.queue.length < WAITING) {
      this.queue.push(news);
      return;
    }
    const last = this.queue.at(-1);
    const amount = (last.amount ?? 0) + (news.amount ?? 0);
    const people = new Set([...(last.people ?? [last.entity]), news.entity]);
    this.queue[this.queue.length - 1] = {
      ...news,
      name: people.size > 1 ? "The floor" : news.name,
      team: people.size > 1 ? null : news.team,
      loans: last.loans + news.loans,
      amount: amount || null,
      people,
    };
  }

  #next() {
    const news = this.queue.shift() ?? null;
    this.busy = news !== null;
    if (news === null) {
      this.store.set({ ringing: null });
      return;
    }
    this.store.set({ ringing: news, lastRing: news });
    if (this.store.sound) chime();
    setTimeout(() => (news.people ? this.#rest() : this.#next()), SHOWN_MS);
  }

  // Where loans never cease, what lies beneath would never be seen.
  #rest() {
    this.store.set({ ringing: null });
    setTimeout(() => this.#next(), REST_MS);
  }
}
