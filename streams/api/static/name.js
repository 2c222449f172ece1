// A name in a row: a long one is set smaller, and takes two lines where it must.

import { h } from "./patch.js";

const LONG = 15;

export function name(text, { full = text, mark = null } = {}) {
  const long = text.length > LONG;
  const title = long || full !== text ? full : null;
  return h("span", { class: long ? "name long" : "name", title }, mark, text);
}
