// A bar: how far one is, and a tick where one should be by now.

import { h } from "./patch.js";

const WIDTH = 1000;

// Shares of the goal; `scale` is the share at the right end, at least 1.
export function bar({ share, tick, scale, behind, height }) {
  const x = (value) => Math.round((Math.min(Math.max(value, 0), scale) / scale) * WIDTH);
  return h(
    "svg",
    {
      class: `bar${behind ? " behind" : ""}`,
      viewBox: `0 0 ${WIDTH} ${height}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    },
    h("rect", { class: "track", x: 0, y: height * 0.2, width: WIDTH, height: height * 0.6 }),
    h("rect", { class: "fill", x: 0, y: height * 0.2, width: x(share), height: height * 0.6 }),
    scale > 1 && line("goal", x(1), height),
    tick !== undefined && [line("tick-edge", x(tick), height), line("tick", x(tick), height)],
  );
}

function line(kind, x, height) {
  return h("line", { class: kind, x1: x, x2: x, y1: 0, y2: height });
}
