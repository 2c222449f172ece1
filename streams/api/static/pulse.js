// Asks the server every few seconds whether it is there, what time it is, and how good its scores
// are: a stream that is silent looks the same as one whose cable is cut.

const EVERY_MS = 5000;
const PATIENCE_MS = 4000;

export class Pulse {
  constructor(store, streams) {
    this.store = store;
    this.streams = streams;
    this.failedAt = null;
  }

  start() {
    this.#beat();
  }

  async #beat() {
    try {
      await this.#ask();
      this.#revive();
    } catch {
      // Whatever the reason, the server is not there for us: the page says so.
      this.failedAt ??= Date.now();
      this.store.set({ reachable: false });
    }
    setTimeout(() => this.#beat(), EVERY_MS);
  }

  async #ask() {
    const response = await fetched("readyz");
    const { feed } = await response.json();
    const at = Date.parse(response.headers.get("date") ?? "");
    this.store.set({
      feed,
      reachable: true,
      heardAt: Date.now(),
      // The header has whole seconds: less than two is no difference.
      skew: Math.abs(at - Date.now()) > 2000 ? at - Date.now() : 0,
    });
    if (this.store.catalogue.kpis.size === 0) await this.#learn();
  }

  async #learn() {
    const { kpis, currency, timezone } = await (await fetched("v1/kpis")).json();
    const byId = new Map(kpis.map((kpi) => [kpi.id, kpi]));
    this.store.set({ catalogue: { kpis: byId, currency, timezone } });
  }

  // A stream from before a failure may be dead without knowing it.
  #revive() {
    if (this.failedAt === null) return;
    const failedAt = this.failedAt;
    this.failedAt = null;
    for (const stream of this.streams) if (stream.openedAt < failedAt) stream.open();
  }
}

function fetched(path) {
  return fetch(path, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
}
