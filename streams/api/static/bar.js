// A bar: how far one is, a tick where one should be by now, and hatched where one is likely to end.

import { h } from "./patch.js";

const WIDTH = 1000;

// Shares of the goal; `scale` is the share at the right end, at least 1.
export function bar({ share, tick, forecast, scale, behind, height }) {
  const x = (value) => Math.round((Math.min(Math.max(value, 0), scale) / scale) * WIDTH);
  const strip = (kind, from, to) =>
    h("rect", { class: kind, x: from, y: height * 0.2, width: to - from, height: height * 0.6 });
  return h(
    "svg",
    {
      class: `bar${behind ? " behind" : ""}`,
      viewBox: `0 0 ${WIDTH} ${height}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    },
    strip("track", 0, WIDTH),
    forecast && [
      hatching(),
      strip("forecast", x(Math.max(forecast.low, share)), x(Math.max(forecast.high, share))),
    ],
    strip("fill", 0, x(share)),
    scale > 1 && line("goal", x(1), height),
    [line("tick-edge", x(tick), height), line("tick", x(tick), height)],
  );
}

function hatching() {
  const size = { width: 14, height: 14, patternUnits: "userSpaceOnUse" };
  const slanted = { id: "hatching", ...size, patternTransform: "rotate(-45)" };
  return h("pattern", slanted, h("rect", { class: "hatch", width: 6, height: 14 }));
}

function line(kind, x, height) {
  return h("line", { class: kind, x1: x, x2: x, y1: 0, y2: height });
}
