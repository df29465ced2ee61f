"use strict";
/* Dark or light as the reader chose, on all pages, that of the network too; kept in this browser alone. It runs before
   the page is drawn, so that no page flashes in the other colours. */
(() => {
  const KEY = "transfergraph-theme", root = document.documentElement, system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const tell = () => document.querySelector("button.scheme")?.setAttribute("aria-pressed", String(isDark()));

  function follow() {
    let kept = null;
    try { kept = localStorage.getItem(KEY); } catch { /* nothing may be kept */ }
    if (["dark", "light"].includes(kept)) root.dataset.theme = kept;
    else delete root.dataset.theme;
    tell();
  }

  /* What the system asks for anyway is not kept, so that the pages go on following it. */
  function choose(theme) {
    try {
      if (theme === (system.matches ? "dark" : "light")) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, theme);
    } catch { /* it holds for this page */ }
    root.dataset.theme = theme;
    tell();
  }

  follow();
  root.classList.add("with-scheme");
  system.addEventListener("change", tell);
  addEventListener("storage", event => { if (event.key === KEY || event.key === null) follow(); });
  addEventListener("pageshow", event => { if (event.persisted) follow(); });
  document.addEventListener("DOMContentLoaded", () => {
    tell();
    document.querySelector("button.scheme")?.addEventListener("click", () => choose(isDark() ? "light" : "dark"));
  });
})();
