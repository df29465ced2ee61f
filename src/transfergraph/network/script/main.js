// Put the parts together: first the picture, then what stands around it.

function refresh({ move = false } = {}) {
  if (everything) {
    show(move);
    return Promise.resolve();
  }
  root.classList.add("busy");
  return loadNeeded().then(() => {
    root.classList.remove("busy");
    show(move);
  });
}

let framed = "";
function show(move) {
  makeViewModel();
  showMapPanel();
  showTimeline();
  showDetails();
  showChoiceInSheet();
  showLegend();
  leaveRoomForSheet();
  camera.setSize("100%", "100%"); // what stands above and below the picture leaves it less room
  // what changes the places of symbols is shown whole again
  const frame = [state.ground, state.ego?.i, state.ego === null ? "" : state.depth, state.ego === null ? "" : state.view, isLarge && state.way !== null, isLarge && `${state.group} ${state.open} ${viewModel.isOverview ? "" : viewModel.symbols.length}`].join(" ");
  if (frame !== framed && state.at === null) fitAll(false);
  else if (move && state.at !== null) camera.moveTo({ position: { x: state.at[0], y: state.at[1] }, scale: state.at[2] });
  framed = frame;
  camera.redraw();
  showControls();
  showTab();
  showList();
  writeAddress();
}

function showControls() {
  Object.keys(WORDS).forEach((key) => {
    document.querySelectorAll(`input[name="${key}"]`).forEach((input) => (input.checked = input.value === state[key]));
  });
  find("colour").value = state.colour;
  find("size").value = state.size;
  find("undo").disabled = past.length === 0;
  showThinning();
  showTabs("tab", "panel-");
  showTabs("list", "");
}

function showTabs(key, panel) {
  document.querySelectorAll(`[role="tab"][data-${key}]`).forEach((tab) => {
    const on = tab.dataset[key] === state[key];
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    if (panel !== "") find(panel + tab.dataset[key]).hidden = !on;
    else if (on) find("rows").setAttribute("aria-labelledby", tab.id);
  });
}

const TABS = {
  legend: () => undefined,
  filter: () => {
    showFacets();
    showYears();
  },
  ways: showWays,
  introductions: showIntroductions,
  data: () => {
    showMeasures();
    find("embed").textContent = embedText();
  },
};
const showTab = () => TABS[state.tab]();

const embedText = () => {
  const own = new URLSearchParams(address());
  own.set("bare", "1");
  return `<iframe src="${escaped(`${location.href.split("#")[0]}#${own}`)}" width="800" height="600" loading="lazy"></iframe>`;
};

function attachTabs(key) {
  const tabs = [...document.querySelectorAll(`[role="tab"][data-${key}]`)];
  const pick = (tab) => {
    update({ [key]: tab.dataset[key], ...(key === "list" ? { sort: null } : {}) }, { remember: false });
    tab.focus();
  };
  tabs.forEach((tab) => {
    tab.addEventListener("click", () => pick(tab));
    tab.addEventListener("keydown", (event) => {
      const visible = tabs.filter((one) => !one.hidden);
      const here = visible.indexOf(tab);
      const step = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: visible.length - 1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      pick(visible[(step + visible.length) % visible.length]);
    });
  });
}

function attachControls() {
  const on = (id, event, act) => find(id).addEventListener(event, act);
  ["view", "ground"].forEach((key) => {
    document.querySelectorAll(`input[name="${key}"]`).forEach((input) => input.addEventListener("change", () => update({ [key]: input.value, ...(key === "ground" ? { at: null } : {}) })));
  });
  on("weight", "change", () => update({ weight: find("weight").value, min: 0 }));
  on("min", "input", () => update({ min: steps[Number(find("min").value)] }));
  on("backbone", "change", () => update({ backbone: find("backbone").checked }));
  on("colour", "change", () => update({ colour: find("colour").value }));
  on("size", "change", () => update({ size: find("size").value }));
  on("zoom-in", "click", () => zoom(1.4));
  on("zoom-out", "click", () => zoom(1 / 1.4));
  on("zoom-all", "click", showWhole);
  on("undo", "click", undo);
  on("year-from", "input", () => moveYears("from", Number(find("year-from").value)));
  on("year-to", "input", () => moveYears("to", Number(find("year-to").value)));
  on("play", "click", play);
  on("all-years", "click", () => update({ years: null }));
  on("no-filter", "click", () => update({ years: null, ...Object.fromEntries(FACETS.map((facet) => [facet, []])) }));
  on("copy-link", "click", () => copyText(location.href).then((done) => announce(say(done ? "network.explorer.copied" : "network.explorer.copy-failed"))));
  on("copy-embed", "click", () => copyText(embedText()).then((done) => announce(say(done ? "network.explorer.copied" : "network.explorer.copy-failed"))));
  on("share-link", "click", () => copyText(location.href).then((done) => announce(say(done ? "network.explorer.copied" : "network.explorer.copy-failed"))));
  on("print", "click", () => window.print());
  document.querySelectorAll("[data-export]").forEach((one) => one.addEventListener("click", () => EXPORTS[one.dataset.export]()));
}

function showWhole() {
  if (state.open.length > 0 || state.group !== null || state.ego !== null || state.unfolded.length > 0) return update({ group: null, open: [], unfolded: [], ego: null, depth: 1, at: null, ...(isLarge ? { chosen: [], tie: null } : {}) }).then(() => fitAll(true));
  state = { ...state, at: null };
  fitAll(true);
  writeAddress();
  return undefined;
}

function attachKeys() {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches?.('input:not([type="checkbox"], [type="radio"], [type="range"]), textarea, select');
    if (event.key === "Escape" && !typing) clearChoice();
    if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !typing) {
      event.preventDefault();
      undo();
    }
  });
  const keys = {
    ArrowLeft: () => pan(-60, 0),
    ArrowRight: () => pan(60, 0),
    ArrowUp: () => pan(0, -60),
    ArrowDown: () => pan(0, 60),
    "+": () => zoom(1.4),
    "-": () => zoom(1 / 1.4),
    0: showWhole,
  };
  find("frame").addEventListener("keydown", (event) => {
    if (keys[event.key] === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    keys[event.key]();
  });
}

// ---- language and colours ---------------------------------------------------------------------------------------

function translate() {
  root.lang = language;
  document.title = named(data.title);
  searches.forEach((one) => one());
  openSheet(root.classList.contains("sheet-open"), root.dataset.sheet);
  find("frame").setAttribute("aria-label", say("network.picture"));
  document.querySelectorAll(`option[data-${language}]`).forEach((one) => (one.textContent = one.getAttribute(`data-${language}`)));
}

// What the reader chose holds for all pages of the site, which keep it under the same name; what the system asks for
// anyway is not kept.
const THEME_KEY = "transfergraph-theme"; // and in templates/first.js
function keepTheme(chosen, system) {
  try {
    if (chosen === system) localStorage.removeItem(THEME_KEY);
    else localStorage.setItem(THEME_KEY, chosen);
  } catch {
    // it holds for this page
  }
}

function attachLook() {
  document.querySelectorAll('input[name="language"]').forEach((input) => {
    input.checked = input.value === (chosenLanguage || language);
    input.addEventListener("change", () => {
      language = input.value;
      chosenLanguage = input.value;
      translate();
      refresh();
    });
  });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    if (chosenTheme === "") delete root.dataset.theme;
    else root.dataset.theme = chosenTheme;
    const isDark = chosenTheme === "" ? dark.matches : chosenTheme === "dark";
    find("theme").setAttribute("aria-pressed", String(isDark));
    readTheme();
    camera?.redraw();
  };
  find("theme").addEventListener("click", () => {
    chosenTheme = find("theme").getAttribute("aria-pressed") === "true" ? "light" : "dark";
    keepTheme(chosenTheme, dark.matches ? "dark" : "light");
    paint();
    writeAddress();
  });
  dark.addEventListener("change", paint);
  addEventListener("storage", (event) => {
    if (event.key !== THEME_KEY) return;
    chosenTheme = ["light", "dark"].includes(event.newValue) ? event.newValue : "";
    paint();
  });
  addEventListener("beforeprint", () => {
    root.dataset.theme = "light"; // paper is white
    readTheme();
    camera.redraw();
  });
  addEventListener("afterprint", paint);
  chosenTheme = root.dataset.theme ?? "";
  paint();
}

// ---- start --------------------------------------------------------------------------------------------------------

function follow(hash) {
  past.push(state);
  state = readAddress(hash);
  if (chosenLanguage !== "") language = chosenLanguage;
  translate();
  return refresh({ move: true }).then(() => {
    if (state.at === null) fitLit(false);
  });
}

// Nodes that an address names can be found only when the names are there.
const NEEDS_NAMES = /^#[^=]+$|[#&](node|ego|way|tie)=/;

async function start() {
  const requested = location.hash;
  if (data.packed) await load("whole");
  else take(isLarge ? { nodes: data.stubs } : data);
  if (data.beginning !== undefined) take(data.beginning);
  if (!isLarge && !data.packed) takeIntroductions(data.introductions);
  data.communityKeys = data.communities.map((one) => nodes[one.heart].key);
  state = readAddress(location.hash);
  if (chosenLanguage !== "") language = chosenLanguage;
  attachLook();
  startCamera();
  attachTouch();
  attachSheet();
  attachSearch("search", { accept: (one) => choose(one), acceptConcept: showOnly });
  attachWays();
  translate();
  attachControls();
  attachMap();
  attachTimeline();
  attachTabs("tab");
  attachTabs("list");
  attachKeys();
  refresh({ move: true }).then(() => {
    if (state.at === null && (state.chosen.length > 0 || state.tie !== null || state.way !== null)) fitLit(false);
    root.dataset.ready = "1";
  });
  arrived.then(() => find("without-script").remove());
  window.addEventListener("hashchange", () => location.hash.slice(1) !== address() && follow(location.hash));
  if (isLarge) await arrived.then(() => load("names")).then(() => (NEEDS_NAMES.test(requested) ? follow(requested) : show(false)));
  if (isLarge && !everything) {
    await loadEverything({ quietly: true });
    show(false);
  }
}
start();
