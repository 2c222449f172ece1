// The banner of the bell. The region is always there, so that screen readers hear what comes in.

import { fullMoney, loans } from "./format.js";
import { h } from "./patch.js";

const BELL =
  "M12 2a2 2 0 0 0-2 2v.4A6.5 6.5 0 0 0 5.5 10.6V15L4 17v1h16v-1l-1.5-2v-4.4A6.5 6.5 0 0 0 14 4.4V4a2 2 0 0 0-2-2zm-2.5 17.5a2.5 2.5 0 0 0 5 0z";

export function banner(store) {
  const ring = store.ringing;
  return h(
    "div",
    { class: ring ? "banner ringing" : "banner", role: "status", "aria-live": "polite" },
    ring && [
      h("svg", { class: "bell", viewBox: "0 0 24 24", "aria-hidden": "true" }, h("path", { d: BELL })),
      h(
        "p",
        null,
        h("strong", null, `${ring.name} disbursed ${worth(ring, store.catalogue.currency)}`),
        ring.team && h("span", null, ring.team),
      ),
    ],
  );
}

function worth({ loans: n, amount }, currency) {
  if (amount === null) return n === 1 ? "a loan" : loans(n);
  const sum = fullMoney(amount, currency);
  return n === 1 ? sum : `${sum} in ${loans(n)}`;
}
