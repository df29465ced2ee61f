"use strict";
// A search box with suggestions (WAI-ARIA Authoring Practices, combobox with a listbox).
function attachSearch({ nodes, order, named, kindOf, nothing, accept }) {
  const input = document.getElementById("search");
  const list = document.getElementById("suggestions");
  const folded = (text) =>
    text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase("de").replaceAll("ß", "ss");
  const texts = nodes.map((node) => [node.de, node.en, ...(node.alt || [])].filter(Boolean).map(folded));
  const options = () => [...list.querySelectorAll('[role="option"]')];
  let active = -1;

  // 0: the name begins with it, 1: a word does, 2: it is within a word, 3: not at all
  function grade(text, query) {
    const at = text.indexOf(query);
    if (at < 0) return 3;
    if (at === 0) return 0;
    return /[\p{L}\p{N}]/u.test(text[at - 1]) ? 2 : 1;
  }

  function matches(query) {
    return order
      .map((id) => [id, Math.min(...texts[id].map((text) => grade(text, query)))])
      .filter(([, how]) => how < 3)
      .sort((a, b) => a[1] - b[1])
      .slice(0, 10)
      .map(([id]) => id);
  }

  function option(id) {
    const item = document.createElement("li");
    item.id = `suggestion-${id}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const name = document.createElement("bdi");
    name.textContent = named(nodes[id]);
    const kind = document.createElement("small");
    kind.textContent = kindOf(nodes[id]);
    item.append(name, kind);
    item.addEventListener("mousedown", (event) => event.preventDefault());
    item.addEventListener("click", () => {
      input.value = named(nodes[id]);
      show(false);
      accept(id);
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
    const found = query === "" ? [] : matches(query);
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...found.map(option));
    if (query !== "" && found.length === 0) {
      const item = document.createElement("li");
      item.setAttribute("role", "presentation");
      item.append(nothing());
      list.append(item);
    }
    show(query !== "");
  }

  function mark(index) {
    const items = options();
    if (items.length === 0) return;
    active = (index + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
    input.setAttribute("aria-activedescendant", items[active].id);
    items[active].scrollIntoView({ block: "nearest" });
  }

  const keys = {
    ArrowDown: () => mark(active + 1),
    ArrowUp: () => mark(active < 0 ? -1 : active - 1),
    Escape: () => show(false),
    Enter: () => list.hidden || options()[Math.max(0, active)]?.click(),
  };
  input.addEventListener("input", suggest);
  input.addEventListener("focus", () => input.value !== "" && suggest());
  input.addEventListener("blur", () => show(false));
  input.addEventListener("keydown", (event) => {
    if (!(event.key in keys)) return;
    if (event.key !== "Escape") event.preventDefault();
    keys[event.key]();
  });

  return {
    translate(language) {
      input.placeholder = document.querySelector(`label[for="search"] [lang="${language}"]`).textContent;
      show(false);
    },
  };
}
