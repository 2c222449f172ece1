// One stream of server-sent events: the scores of one window, all alerts, and their changes.

import { keyOf, slim } from "./store.js";

const RETRY_MS = 2000;

export class Stream {
  // Every stream tells of alerts; the page listens to one, so that no stream is behind another.
  constructor(window, store, { alerts = false } = {}) {
    this.window = window;
    this.store = store;
    this.alerts = alerts;
    this.source = null;
    this.openedAt = 0;
    // Scores of a snapshot that is not complete; what was known stays shown until it is.
    this.draft = null;
  }

  open() {
    this.source?.close();
    this.openedAt = Date.now();
    this.draft = new Map();
    this.source = new EventSource(`v1/stream?window=${this.window}`);
    this.source.onopen = () => this.#opened();
    this.source.onerror = () => this.#lost();
    this.#on("state", (state) => this.store.set({ feed: state }));
    if (this.alerts) {
      this.#on("alerts", ({ alerts }) => this.store.tell(alerts));
      this.#on("alert-change", ({ alerts, removed }) => this.store.amend(alerts, removed));
    }
    this.#on("reset", () => (this.draft = new Map()));
    this.#on("snapshot", (changes) => this.#take(changes));
    this.#on("change", (changes) => this.#take(changes));
  }

  #on(event, take) {
    this.source.addEventListener(event, ({ data }) => {
      this.store.heardAt = Date.now();
      take(JSON.parse(data));
    });
  }

  // After a reconnection the rest of a snapshot comes as changes.
  #take({ scores, removed, complete }) {
    if (this.draft === null) {
      this.store.update(scores, removed);
      return;
    }
    for (const score of scores) this.draft.set(keyOf(score), slim(score));
    for (const gone of removed) this.draft.delete(keyOf(gone));
    if (complete) {
      const draft = this.draft;
      this.draft = null;
      this.store.replace(this.window, draft);
    }
  }

  #opened() {
    this.openedAt = Date.now();
    this.store.streaming.add(this.window);
    this.store.heardAt = Date.now();
    this.store.changed();
  }

  #lost() {
    this.store.streaming.delete(this.window);
    this.store.changed();
    // The browser tries again by itself, but not after an answer that is no stream.
    if (this.source.readyState === EventSource.CLOSED) {
      setTimeout(() => this.open(), RETRY_MS);
    }
  }
}
