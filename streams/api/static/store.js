// What the page knows, by key. The view reads it and never writes it.

// A published score has every KPI; only these are kept, so that a large floor fits in a small TV.
export const VOLUME = "sales_targets.sales_volume";
export const QUALIFIED = "lead_generation.qualified_leads";
export const ATTAINMENT = "reporting.target_attainment";
const KEPT = [VOLUME, QUALIFIED, ATTAINMENT];

export const keyOf = (score) => `${score.level}:${score.entity}|${score.window}`;

export class Store {
  constructor() {
    this.scores = new Map();
    // How often scores have changed.
    this.revision = 0;
    // The server's leaderboard of executives; null until it has been told once.
    this.leaders = null;
    // Windows of which everything has been read once.
    this.known = new Set();
    this.feed = null;
    // Windows whose stream is open, and the last proof that the server is there.
    this.streaming = new Set();
    this.reachable = false;
    this.heardAt = null;
    // When a change last came; between two, the server says how old its newest score is.
    this.changedAt = null;
    // The server's clock minus ours, milliseconds: a television's may be wrong.
    this.skew = 0;
    this.catalogue = { kpis: new Map(), currency: null, timezone: null };
    // Alerts that fire; null until they have been told once.
    this.alerts = null;
    // When an alert began to fire, by its id, if this page saw it.
    this.alertsSeen = new Map();
    this.ringing = null;
    this.lastRing = null;
    // Since when pages do not turn; null while they do.
    this.pausedAt = null;
    this.sound = false;
    this.startedAt = Date.now();
    this.changeListeners = [];
    this.scoreListeners = [];
  }

  now() {
    return Date.now() + this.skew;
  }

  get(level, entity, window) {
    return this.scores.get(`${level}:${entity}|${window}`);
  }

  // Active entities of a level.
  of(level, window) {
    return [...this.scores.values()].filter(
      (score) => score.level === level && score.window === window && score.active,
    );
  }

  definition(kpi) {
    const found = this.catalogue.kpis.get(kpi);
    return found ? `${found.title}: ${found.definition}` : null;
  }

  // Some fields at once, e.g. `set({paused: true})`.
  set(fields) {
    Object.assign(this, fields);
    this.changed();
  }

  // All scores of a window, as read anew: others of the window go.
  replace(window, scores) {
    for (const key of [...this.scores.keys()]) {
      if (key.endsWith(`|${window}`) && !scores.has(key)) this.scores.delete(key);
    }
    for (const score of scores.values()) this.put(score);
    this.known.add(window);
    this.revision += 1;
    this.changed();
  }

  // Scores that changed, and those that are no more.
  update(scores, removed) {
    this.changedAt = this.now();
    for (const score of scores) this.put(score);
    for (const gone of removed) this.scores.delete(keyOf(gone));
    this.revision += 1;
    this.changed();
  }

  put(score) {
    const before = this.scores.get(keyOf(score));
    const after = slim(score);
    this.scores.set(keyOf(score), after);
    for (const listener of this.scoreListeners) listener(before, after);
  }

  // All alerts as they are now. What fires when the page first hears of alerts is no news; what
  // speaks again is.
  tell(alerts) {
    const firing = alerts.filter((alert) => alert.status === "firing");
    const word = ({ id, handling }) => `${id}|${handling?.again ? handling.at : ""}`;
    const before = new Set((this.alerts ?? firing).map(word));
    this.alertsSeen = new Map(
      firing.map((alert) => [
        alert.id,
        before.has(word(alert)) ? (this.alertsSeen.get(alert.id) ?? null) : this.now(),
      ]),
    );
    this.set({ alerts: firing });
  }

  // Alerts that changed, and the ids of those that are no more.
  amend(alerts, removed) {
    const known = new Map((this.alerts ?? []).map((alert) => [alert.id, alert]));
    for (const id of removed) known.delete(id);
    for (const alert of alerts) known.set(alert.id, alert);
    this.tell([...known.values()]);
  }

  onChange(listener) {
    this.changeListeners.push(listener);
  }

  // Called with what was known of a score before, if anything, and what is known now.
  onScore(listener) {
    this.scoreListeners.push(listener);
  }

  changed() {
    for (const listener of this.changeListeners) listener();
  }
}

export function slim(score) {
  const kpis = {};
  for (const id of KEPT) if (score.kpis?.[id]) kpis[id] = score.kpis[id];
  return { ...score, kras: undefined, kpis };
}

// A figure of a score; null where it is undefined or there is none.
export function figure(score, kpi, field = "value") {
  const found = score?.kpis[kpi]?.[field];
  return typeof found === "number" ? found : null;
}
