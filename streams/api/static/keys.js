// Keys and buttons: T theme, S sound, P pause.

import { chime } from "./sound.js";

const THEME = "salesbell.theme";

const actions = {
  theme() {
    const theme = isDark() ? "light" : "dark";
    show(theme);
    localStorage.setItem(THEME, theme);
  },
  sound(store) {
    store.set({ sound: !store.sound });
    // Also tells whether it can be heard.
    if (store.sound) chime();
  },
  pause(store) {
    store.set({ pausedAt: store.pausedAt === null ? store.now() : null });
  },
};
const KEYS = { t: "theme", s: "sound", p: "pause" };

export function listen(store) {
  const theme = localStorage.getItem(THEME);
  if (theme !== null) show(theme);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    actions[KEYS[event.key.toLowerCase()]]?.(store);
  });
  document.addEventListener("click", (event) => {
    actions[event.target.closest("[data-action]")?.dataset.action]?.(store);
  });
}

function isDark() {
  return getComputedStyle(document.documentElement).getPropertyValue("--scheme").trim() === "dark";
}

function show(theme) {
  document.getElementById("light").media = theme === "light" ? "all" : "not all";
}
