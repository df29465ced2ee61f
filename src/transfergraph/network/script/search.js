// A search box with suggestions (WAI-ARIA Authoring Practices, combobox with a listbox).
const searches = [];
const searchTexts = new Map();

function textsOf(one) {
  if (!searchTexts.has(one) || (one.full && !searchTexts.get(one).full)) {
    const texts = [...data.languages.map((language) => one[language]), ...(one.alt || [])].filter(Boolean).map(folded);
    searchTexts.set(one, { full: one.full, texts });
  }
  return searchTexts.get(one).texts;
}

// 0: the name begins with it, 1: a word does, 2: it is within a word, 3: not at all
function grade(text, query) {
  const at = text.indexOf(query);
  if (at < 0) return 3;
  if (at === 0) return 0;
  return /[\p{L}\p{N}]/u.test(text[at - 1]) ? 2 : 1;
}

function matching(query, passes) {
  const found = [[], [], []];
  nodes.forEach((one) => {
    if (!passes(one)) return;
    const how = Math.min(3, ...textsOf(one).map((text) => grade(text, query)));
    if (how < 3) found[how].push(one);
  });
  const weight = (one) => (gathers(one) ? 1e6 : 0) + (isPartner(one) ? one.is?.ties || 0 : one.links.length);
  return found.flatMap((group) => group.sort((a, b) => weight(b) - weight(a) || a.i - b.i)).slice(0, 10);
}

function attachSearch(id, { passes = () => true, accept, keep = false }) {
  const input = find(id);
  const list = find(`${id}-list`);
  const options = () => [...list.querySelectorAll('[role="option"]')];
  let active = -1;

  function option(one) {
    const item = make("li", { id: `${id}-${one.i}`, role: "option", "aria-selected": "false" }, bdi(name(one)), make("small", {}, kindOf(one)));
    item.addEventListener("mousedown", (event) => event.preventDefault());
    item.addEventListener("click", () => {
      input.value = keep ? name(one) : "";
      show(false);
      accept(one);
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
    const found = query === "" ? [] : matching(query, passes);
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
