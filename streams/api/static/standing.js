// How far what the page shows can be believed: a function of the store and the time.

import { age, since } from "./format.js";

// A worker publishes every score at least every five minutes.
const QUIET_MS = 6 * 60_000;
// A reconnection that takes less is not worth a word.
const PATIENCE_MS = 3000;

// `kind`: live, quiet, behind (work waits), stale (the server lost the scores), cut (we lost the
// server), waiting.
export function standing(store, now) {
  const zone = store.catalogue.timezone;
  const cut = cutSince(store);
  if (cut !== null) return cutOff(store, cut, now, zone);
  if (!store.feed?.ready) {
    return { kind: "waiting", words: "Waiting for the scores", why: store.feed?.problem };
  }
  if (!store.feed.live) {
    const at = store.feed.stale_since;
    const when = at === null ? "" : ` since ${since(Date.parse(at), now, zone)}`;
    return {
      kind: "stale",
      words: `No new scores${when}: these are the last known`,
      why: store.feed.problem,
    };
  }
  return fresh(store, now);
}

// The last proof of the server, if that is too long ago; milliseconds of our own clock.
function cutSince(store) {
  const connected = store.reachable && store.streaming.size > 0;
  const heardAt = store.heardAt ?? store.startedAt;
  return !connected && Date.now() - heardAt > PATIENCE_MS ? heardAt : null;
}

function cutOff(store, at, now, zone) {
  if (store.known.size === 0) {
    return { kind: "waiting", words: "The server does not answer, trying again", why: null };
  }
  return {
    kind: "cut",
    words: `Cut off since ${since(at + store.skew, now, zone)}: these are the last known`,
    why: "The page does not reach the server; it tries again every few seconds.",
  };
}

function fresh(store, now) {
  if (store.scores.size === 0) return { kind: "live", words: "Live, no scores yet", why: null };
  const old = now - Math.max(Date.parse(store.feed.last_record ?? 0), store.changedAt ?? 0);
  if (old > QUIET_MS) {
    const why = "Scores come at least every five minutes while a worker runs.";
    return { kind: "quiet", words: `Newest score ${age(old)} old: is the worker running?`, why };
  }
  if (store.feed.behind) return behind(store, now);
  return { kind: "live", words: `Live, newest score ${age(old)} ago`, why: null };
}

function behind(store, now) {
  const at = store.feed.scored_until;
  const zone = store.catalogue.timezone;
  const what = at === null ? "what came" : `what came since ${since(Date.parse(at), now, zone)}`;
  return {
    kind: "behind",
    words: `Catching up: not all of ${what} is in`,
    why: "Workers have more to do than they have done.",
  };
}
