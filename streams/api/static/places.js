// Who leads, as the server ranks them, with the places that chance leaves open. It is asked again
// when scores have changed, and not more often than every few seconds.

const EVERY_MS = 5000;
const PATIENCE_MS = 4000;
const LEADERS = "v1/leaderboard?level=executive&window=month&limit=5";

export class Places {
  constructor(store) {
    this.store = store;
    this.asked = 0;
    this.waiting = false;
  }

  async follow() {
    const { revision } = this.store;
    if (this.waiting || this.asked === revision) return;
    this.waiting = true;
    try {
      const response = await fetch(LEADERS, {
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (response.ok) {
        this.asked = revision;
        this.store.set({ leaders: await response.json() });
      }
    } catch {
      // Whether the server is there the pulse finds out, and the page says.
    }
    setTimeout(() => {
      this.waiting = false;
      this.follow();
    }, EVERY_MS);
  }
}
