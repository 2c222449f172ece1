// Puts the parts together: two streams and a poll fill the store, the page follows the store.

import { Bell } from "./bell.js";
import { Stream } from "./feed.js";
import { floor } from "./floor.js";
import { listen } from "./keys.js";
import { patch } from "./patch.js";
import { Places } from "./places.js";
import { Pulse } from "./pulse.js";
import { Store } from "./store.js";

const TICK_MS = 1000;

const root = document.getElementById("floor");
const store = new Store();
const bell = new Bell(store);
const streams = [new Stream("month", store, { alerts: true }), new Stream("day", store)];
const pulse = new Pulse(store, streams);
const places = new Places(store);
let waiting = false;

function draw() {
  waiting = false;
  patch(root, floor(store, store.now()));
}

function drawSoon() {
  if (!waiting) {
    waiting = true;
    requestAnimationFrame(draw);
  }
}

store.onScore((before, after) => bell.hear(before, after));
store.onChange(drawSoon);
store.onChange(() => places.follow());
listen(store);
// Ages and the clock change by themselves.
setInterval(drawSoon, TICK_MS);
draw();
pulse.start();
for (const stream of streams) stream.open();
