// The facets with their counts, and the years.
const FACET_WORDS = {
  kinds: "network.explorer.facet.kinds",
  programmes: "network.explorer.facet.programmes",
  alliances: null, // what gathers others, by the names of its classes
  regions: "network.explorer.facet.regions",
  topics: "network.explorer.facet.topics",
  roles: "network.explorer.facet.roles",
  sources: "network.explorer.facet.sources",
};
const facetName = (facet) => (facet === "alliances" ? centreName() : say(FACET_WORDS[facet]));
const SHOWN = 12;
const wide = new Map(); // facets that are told in full, with what is searched in them

function facetLabel(facet, value) {
  if (isMissing(value)) return value.split("/").pop();
  if (facet === "communities") return communityName(value);
  if (facet === "classes") return named(data.class_details[value]);
  return facet === "alliances" ? name(nodes[value]) : concept(facet, value);
}

function showFacets() {
  const candidates = isLarge && !everything ? null : nodes;
  const panels = Object.keys(FACET_WORDS).filter((facet) => (data.facets[facet] ?? []).length > 0).map((facet) => facetBox(facet, candidates));
  refill(find("facets"), panels);
  find("no-filter").hidden = !isFiltered();
  refill(find("chips"), FACETS.flatMap((facet) => state[facet].map((value) => chip(facet, value))));
}

function chip(facet, value) {
  const label = facetLabel(facet, value);
  return button(`${label} ×`, () => toggle(facet, [value]), { class: "chip", "data-key": `chip-${facet}-${value}`, "aria-label": say("network.explorer.drop", { name: label }) });
}

function facetBox(facet, candidates) {
  const counts = candidates === null ? new Map(data.facets[facet]) : facetCounts(facet, candidates);
  const query = wide.get(facet);
  const all = data.facets[facet].map(([value]) => value).filter((value) => facet !== "alliances" || nodes[value] !== undefined);
  const matched = query ? all.filter((value) => folded(facetLabel(facet, value)).includes(folded(query))) : all;
  const first = query === undefined ? matched.filter((value, at) => at < SHOWN || state[facet].includes(value)) : matched.slice(0, 400);
  const items = first.map((value) => facetItem(facet, value, counts.get(value) || 0));
  return make(
    "details",
    { "data-key": `facet-${facet}`, class: "facet", ...(state[facet].length > 0 || facet === "kinds" ? { open: true } : {}) },
    make("summary", { "data-key": `summary-${facet}` }, facetName(facet), state[facet].length > 0 ? make("span", { class: "on" }, ` (${number(state[facet].length)})`) : ""),
    query === undefined ? null : facetSearch(facet, query),
    make("ul", { id: `facet-${facet}` }, items),
    query === undefined && all.length > first.length
      ? button(say("network.explorer.more", { count: all.length - first.length }), () => { wide.set(facet, ""); showFacets(); }, { class: "why", "data-key": `more-${facet}` })
      : null,
  );
}

function facetSearch(facet, query) {
  const input = make("input", { type: "search", class: "facet-search", "data-key": `search-${facet}`, "aria-label": `${facetName(facet)}: ${say("network.explorer.search-in")}`, placeholder: say("network.explorer.search-in") });
  input.value = query;
  input.addEventListener("input", () => {
    wide.set(facet, input.value);
    const { selectionStart } = input;
    showFacets();
    const again = find("facets").querySelector(`[data-key="search-${facet}"]`);
    again.setSelectionRange(selectionStart, selectionStart);
  });
  return input;
}

function facetItem(facet, value, count) {
  const box = make("input", { type: "checkbox", "data-key": `${facet}-${value}`, checked: state[facet].includes(value), onchange: () => toggle(facet, [value]) });
  return make("li", {}, make("label", { class: count === 0 ? "none" : "" }, box, bdi(facetLabel(facet, value)), make("span", { class: "count" }, number(count))));
}

// ---- years ------------------------------------------------------------------------------------------------------

let span = null;
function yearSpan() {
  if (span !== null && span.of === links.length) return span;
  span = { of: links.length, from: Infinity, to: -Infinity, any: false };
  links.forEach((link) => [link.first, link.last].filter((year) => year !== null).forEach((year) => {
    span = { of: links.length, from: Math.min(span.from, year), to: Math.max(span.to, year), any: true };
  }));
  return span;
}

function showYears() {
  const { from, to, any } = yearSpan();
  const known = any || state.years !== null;
  find("years").hidden = !known && !isLarge;
  if (!known) return;
  const now = state.years || [from, to];
  [["from", now[0]], ["to", now[1]]].forEach(([id, year]) => {
    const slider = find(`year-${id}`);
    slider.min = String(Math.min(from, now[0]));
    slider.max = String(Math.max(to, now[1]));
    slider.value = String(year);
    slider.setAttribute("aria-valuetext", String(year));
  });
  find("year-text").textContent = state.years === null ? say("network.explorer.all-years", { from, to }) : now[0] === now[1] ? String(now[0]) : `${now[0]}–${now[1]}`;
  find("all-years").hidden = state.years === null;
  find("play").textContent = say(playing === null ? "network.explorer.play" : "network.explorer.pause");
  find("play").setAttribute("aria-pressed", String(playing !== null));
}

function moveYears(which, year) {
  const { from, to } = yearSpan();
  const [first, last] = state.years || [from, to];
  const years = which === "from" ? [year, Math.max(year, last)] : [Math.min(year, first), year];
  update({ years: years[0] === from && years[1] === to ? null : years });
}

let playing = null;
function play() {
  if (playing !== null) return stopPlaying();
  const { from, to, any } = yearSpan();
  if (!any) return loadEverything().then(() => yearSpan().any && play());
  const wide = state.years === null || state.years[1] >= to ? 0 : state.years[1] - state.years[0];
  const start = state.years === null || state.years[1] >= to ? from : state.years[0];
  past.push(state);
  const show = (year) => {
    update({ years: [year, Math.min(to, year + wide)] }, { remember: false });
    announce(find("year-text").textContent);
    playing = year + wide >= to ? null : setTimeout(() => show(year + 1), 1000);
    showYears();
  };
  playing = 0;
  return show(start);
}

function stopPlaying() {
  clearTimeout(playing);
  playing = null;
  showYears();
}
