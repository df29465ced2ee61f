// Runs before anything is drawn, so that nothing moves and no colour changes when the script of the page follows.
(() => {
  const root = document.documentElement;
  const parts = new URLSearchParams(location.hash.slice(1));
  const isOn = (key) => parts.get(key) === "1";
  const isIn = (allowed, value) => allowed.includes(value);
  function keptTheme() {
    try {
      return localStorage.getItem("transfergraph-theme"); // THEME_KEY in main.js
    } catch {
      return null;
    }
  }
  root.classList.add("with-script");
  // where the script of the page cannot run, the page is the one without scripts
  ["error", "unhandledrejection"].forEach((kind) => addEventListener(kind, () => "ready" in root.dataset || root.classList.remove("with-script")));
  root.classList.toggle("bare", isOn("bare"));
  root.classList.toggle("alone", !("site" in root.dataset && (/^https?:$/.test(location.protocol) || isOn("site"))));
  if (isIn(root.dataset.languages.split(" "), parts.get("lang"))) root.lang = parts.get("lang");
  const theme = [parts.get("theme"), isOn("bare") ? null : keptTheme()].find((one) => isIn(["light", "dark"], one));
  if (theme !== undefined) root.dataset.theme = theme;
})();
