// Runs before anything is drawn, so that nothing moves and no colour changes when the script of the page follows.
(() => {
  const root = document.documentElement;
  const parts = new URLSearchParams(location.hash.slice(1));
  const isOn = (key) => parts.get(key) === "1";
  const isIn = (allowed, value) => allowed.includes(value);
  const languages = root.dataset.languages.split(" ");
  // the first language of the reader that the page has, as a server chooses by Accept-Language (RFC 4647, lookup)
  const readable = (range) => [range.toLowerCase(), range.toLowerCase().split("-")[0]].find((one) => isIn(languages, one));
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
  root.lang = [parts.get("lang"), ...navigator.languages.map(readable)].find((one) => isIn(languages, one)) ?? root.lang;
  const theme = [parts.get("theme"), isOn("bare") ? null : keptTheme()].find((one) => isIn(["light", "dark"], one));
  if (theme !== undefined) root.dataset.theme = theme;
})();
