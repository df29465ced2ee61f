// A search box with suggestions (WAI-ARIA Authoring Practices, combobox with a listbox).
const searches = [];
const searchTexts = new Map();

// Every name of a node, as it is written and as it is compared.
function textsOf(one) {
  if (!searchTexts.has(one) || (one.full && !searchTexts.get(one).full)) {
    const names = [...data.languages.map((language) => one[language]), ...(one.alt || [])].filter(Boolean);
    searchTexts.set(one, { full: one.full, texts: names.map(comparable) });
  }
  return searchTexts.get(one).texts;
}

function comparable(text) {
  const forms = [folded(text), spelled(text)];
  return { text, forms: forms[0] === forms[1] ? [forms[0]] : forms };
}

// 0: the name itself, 1: it begins with it, 2: a word does, 3: it is within a word, 4: not at all
const NOT = 4;
function grade(text, query) {
  if (text === query) return 0;
  const at = text.indexOf(query);
  if (at < 0) return NOT;
  if (at === 0) return 1;
  return /[\p{L}\p{N}]/u.test(text[at - 1]) ? 3 : 2;
}

// How well names match, and which of them does so best; the first of equals.
function bestOfNames(names, query) {
  return names.reduce((best, { text, forms }) => {
    const how = Math.min(...forms.map((form) => grade(form, query)));
    return how < best.how ? { how, text } : best;
  }, { how: NOT, text: "" });
}

// Topics, places, regions and programmes by name, with the number of organisations where it is known.
const CONCEPTS = { topics: "network.explorer.facet.topics", places: "network.explorer.place", regions: "network.explorer.facet.regions", programmes: "network.explorer.facet.programmes" };
let conceptNames = null;
function conceptsNow() {
  if (conceptNames !== null) return conceptNames;
  conceptNames = Object.keys(CONCEPTS).flatMap((facet) => {
    const counts = new Map(data.facets[facet] || []);
    const names = (position) => [...new Set([...data.languages.map((language) => data.concepts[facet][language][position]), ...(data.concepts[facet].alt?.[position] || [])].filter(Boolean))];
    return data.concepts[facet].key.map((_, value) => ({ facet, value, count: counts.get(value), names: names(value).map(comparable) }));
  });
  return conceptNames;
}

// What was found: a node, or a value of a facet; the better the match, the earlier.
function matching(query, passes, withConcepts) {
  const found = [];
  nodes.forEach((one) => {
    if (!passes(one)) return;
    const { how, text } = bestOfNames(textsOf(one), query);
    const weight = (gathers(one) ? 1e6 : 0) + (isPartner(one) ? one.is?.ties || 0 : one.links.length);
    if (how < NOT) found.push({ one, how, text, weight });
  });
  if (withConcepts) {
    conceptsNow().forEach((concept_) => {
      const { how, text } = bestOfNames(concept_.names, query);
      if (how < NOT) found.push({ ...concept_, how, text, weight: concept_.count || 0 });
    });
  }
  return found.sort((a, b) => a.how - b.how || b.weight - a.weight).slice(0, 10);
}

const foundName = ({ one, facet, value }) => (one === undefined ? concept(facet, value) : name(one));

// What it is, and by which other name it was found.
function whyFound({ one, facet, count, text, ...rest }) {
  const shown = foundName({ one, facet, ...rest });
  const kind = one === undefined ? [say(CONCEPTS[facet]), ...(count === undefined ? [] : [say("network.organisations", { count })])] : [kindOf(one), one.place === null || one.place === undefined ? "" : concept("places", one.place)];
  return [...kind, text === shown ? "" : say("network.search.also", { name: text })].filter(Boolean).join(" · ");
}

function attachSearch(id, { passes = () => true, accept, acceptConcept = null, keep = false }) {
  const input = find(id);
  const list = find(`${id}-list`);
  const options = () => [...list.querySelectorAll('[role="option"]')];
  let active = -1;

  function option(found) {
    const { one, facet, value } = found;
    const key = one === undefined ? `${facet}-${value}` : one.i;
    const item = make("li", { id: `${id}-${key}`, role: "option", "aria-selected": "false" }, bdi(foundName(found)), make("small", {}, whyFound(found)));
    item.addEventListener("mousedown", (event) => event.preventDefault());
    item.addEventListener("click", () => {
      input.value = keep ? foundName(found) : "";
      show(false);
      if (one === undefined) acceptConcept(facet, value);
      else accept(one);
    });
    return item;
  }

  function show(open) {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) input.removeAttribute("aria-activedescendant");
  }

  function suggest() {
    const query = folded(input.value.trim());
    const found = query === "" ? [] : matching(query, passes, acceptConcept !== null);
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...found.map(option));
    if (query !== "" && found.length === 0) {
      list.append(make("li", { role: "option", "aria-disabled": "true", class: "nothing" }, say("network.search.nothing")));
    }
    show(query !== "");
  }

  function activate(index) {
    const items = options();
    if (items.length === 0) return;
    active = (index + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
    input.setAttribute("aria-activedescendant", items[active].id);
    items[active].scrollIntoView({ block: "nearest" });
  }

  const keys = {
    ArrowDown: () => activate(active + 1),
    ArrowUp: () => activate(active < 0 ? -1 : active - 1),
    Escape: () => show(false),
    Enter: () => list.hidden || options()[Math.max(0, active)]?.click(),
  };
  input.addEventListener("input", suggest);
  input.addEventListener("focus", () => input.value !== "" && !keep && suggest());
  input.addEventListener("blur", () => show(false));
  input.addEventListener("keydown", (event) => {
    if (!(event.key in keys)) return;
    if (event.key !== "Escape") event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  searches.push(() => {
    input.placeholder = say("network.search");
    show(false);
  });
  return input;
}
