"use strict";
/* The page of a saved question: its answer sorted and as pictures; fields that complete names; and, on a site without a
   server, the form itself, which the store in this browser answers. */
(() => {
  const engine = self.transfergraphEngine, answers = self.transfergraphAnswers;
  const {say, about, language} = engine;
  const {made} = answers;
  const LISTED = 12;  // up to so many choices are a list to choose from
  const question = about.question, form = document.querySelector("form.ask.question"), box = document.getElementById("result") ?? document.createElement("div");

  // The query with the values of the form in place of the examples: the same as queries/parameters.py

  const string = text => `"${text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t")}"`;
  const encoded = key => encodeURIComponent(key).replace(/[!'()*]/g, one => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  class Unfit extends Error {}

  function termOf({kind, folder, label}, value) {
    if (folder) {
      const iri = value.includes("://") ? value : folder + encoded(value);
      if (/[<>"{}|^`\\\s]/.test(iri)) throw new Unfit(say("question.script.unfit", label));
      return `<${iri}>`;
    }
    if (kind === "integer") {
      if (!/^[+-]?[0-9]{1,18}$/.test(value)) throw new Unfit(say("question.script.unfit", label));
      return `"${BigInt(value)}"^^<http://www.w3.org/2001/XMLSchema#integer>`;
    }
    if (kind === "year" && !/^[0-9]{4}$/.test(value)) throw new Unfit(say("question.script.unfit", label));
    return string(value);
  }

  function bound(values) {
    return question.parts.map(part => {
      if (typeof part === "string") return part;
      const [name, example] = part, value = values[name];
      return value === undefined ? example : ` ${termOf(question.parameters[name], value)} `;
    }).join("");
  }

  // Fields that complete names, by the search of the page

  const plainly = text => self.transfergraphSearch?.forms(text) ?? [text.toLowerCase()];

  /* By the search of the page; null where a field holds no names of the graph, or there is no search. */
  function searchFor(field) {
    const {kinds, folder} = question.parameters[field.name], find = self.transfergraphSearch?.find;
    if (!find || !kinds.length || !folder.startsWith(about.base)) return null;
    const path = folder.slice(about.base.length);
    return async text => (await find(text, 40, language)).hits.filter(hit => kinds.includes(hit.kind.key) && hit.path.startsWith(path))
      .slice(0, 10).map(hit => ({key: decodeURIComponent(hit.path.slice(path.length)), name: hit.name, aside: hit.as_name}));
  }

  /* From a list of choices, under other names too, or by the search where there are too many to list. */
  function suggestionsOf(field) {
    const search = searchFor(field);
    if (field.tagName !== "SELECT") return search;
    const all = [...field.options].map(one => ({key: one.value, name: one.textContent, found: plainly(one.textContent)}));
    return async text => {
      const typed = plainly(text), starts = one => one.found.some(form => typed.some(word => form.startsWith(word)));
      const fits = all.filter(one => one.found.some(form => typed.some(word => form.includes(word))));
      const hits = search ? await search(text).catch(() => []) : [];  // the choices of the page are there all the same
      const others = hits.filter(hit => all.some(one => one.key === hit.key) && !fits.some(one => one.key === hit.key));
      return [...fits.filter(starts), ...fits.filter(one => !starts(one)), ...others].slice(0, 10);
    };
  }

  function completing(field) {
    const suggest = suggestionsOf(field);
    if (!suggest) return;
    const name = field.name, value = asked()[name] ?? field.value;
    const hidden = made("input", {type: "hidden", name, value});
    const shown = made("input", {type: "text", id: field.id, required: true, autocomplete: "off", spellcheck: "false", dir: "auto", role: "combobox", "aria-expanded": "false",
      "aria-autocomplete": "list", "aria-controls": `list-${name}`, value: field.selectedOptions?.[0]?.textContent ?? value});
    const list = made("div", {class: "suggestions", role: "listbox", id: `list-${name}`, "aria-label": say("search.suggestions")});
    const popup = made("div", {class: "popup", hidden: true}, list), status = made("p", {class: "unseen", role: "status"});
    const holder = made("div", {class: "completing"}, shown, popup, status, hidden);
    field.replaceWith(holder);
    const hint = document.getElementById(`hint-${name}`) ?? made("span", {class: "hint", id: `hint-${name}`});
    hint.textContent = say("question.script.name");
    if (!hint.isConnected) holder.append(hint);
    shown.setAttribute("aria-describedby", hint.id);
    let options = [], active = -1, turn = 0, waiting = 0;
    const open = is => { popup.hidden = !is || !options.length; shown.setAttribute("aria-expanded", String(!popup.hidden)); };
    const choose = at => {
      options[active]?.element.setAttribute("aria-selected", "false");
      active = at;
      const option = options[at];
      if (!option) return shown.removeAttribute("aria-activedescendant");
      option.element.setAttribute("aria-selected", "true");
      option.element.scrollIntoView({block: "nearest"});
      shown.setAttribute("aria-activedescendant", option.element.id);
    };
    const take = option => { hidden.value = option.key; shown.value = option.name; open(false); choose(-1); };
    async function update() {
      const mine = ++turn, text = shown.value.trim();
      let found = [];
      try { if (text) found = await suggest(text); } catch { return; }
      if (mine !== turn) return;
      choose(-1);
      options = found.map((one, place) => ({...one, element: made("div", {role: "option", id: `option-${name}-${place}`, "aria-selected": "false"},
        made("bdi", {}, one.name), ...(one.aside ? [" ", made("span", {class: "aside"}, one.aside)] : []))}));
      for (const option of options) {
        option.element.addEventListener("mousedown", event => event.preventDefault());
        option.element.addEventListener("click", () => take(option));
      }
      list.replaceChildren(...options.map(one => one.element));
      status.textContent = !text ? "" : options.length ? say("question.script.found", engine.number(options.length)) : say("search.none");
      open(document.activeElement === shown);
      holder.dataset.for = text;
    }
    shown.addEventListener("input", () => { hidden.value = shown.value.trim(); clearTimeout(waiting); waiting = setTimeout(update, 60); });
    shown.addEventListener("focus", () => shown.select());
    shown.addEventListener("blur", () => open(false));
    shown.addEventListener("keydown", event => {
      if (event.key === "Escape") open(false);
      else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
        event.preventDefault();
        open(true);
        choose((active + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length);
      } else if (event.key === "Enter" && !popup.hidden && options[active]) {
        event.preventDefault();
        take(options[active]);
      }
    });
    /* What was typed and not chosen: the one that is called so, or the only one that fits. */
    form.addEventListener("submit", () => {
      const typed = shown.value.trim(), one = options.find(each => each.name === typed) ?? (options.length === 1 ? options[0] : null);
      if (one && hidden.value === typed) hidden.value = one.key;
    }, {capture: true});
  }

  // The answer

  const parameters = () => Object.fromEntries(new URLSearchParams(location.search.slice(1) || location.hash.slice(1)));
  const asked = () => Object.fromEntries(Object.entries(parameters()).filter(([name]) => name in question.parameters));
  let view = parameters().view ?? "table";

  function remember(values) {
    const url = new URL(location.href), stated = new URLSearchParams({...values, ...(view === "table" ? {} : {view})});
    url.search = stated;
    history.replaceState(null, "", url.href);
  }

  async function answer(values, progress) {
    const query = bound(values);
    for (const [name, value] of Object.entries(values)) {
      if (!question.parameters[name].folder) continue;
      const {value: known} = await engine.answer(`ASK { ${termOf(question.parameters[name], value)} ?p ?o }`, {progress});
      if (!known) throw new Unfit(say("question.script.unknown", value));
    }
    const found = await engine.answer(query, {progress});
    box.replaceChildren();
    await answers.show(box, found, {heading: "answer", query, view, headings: question.headings, chosen: one => { view = one; remember(values); }});
    const run = document.querySelector("[data-run]");
    if (run) { const url = new URL(run.href); url.search = new URLSearchParams({query}); run.href = url.href; }
    document.querySelector("[data-pictures]")?.remove();
    if (!about.endpoint && Object.keys(values).length) document.querySelector("[data-formats]")?.remove();  // those of the example
    box.dataset.done = JSON.stringify(values);
  }

  async function replace(values) {
    const status = made("p", {role: "status", class: "length"}, say("workbench.running"));
    box.prepend(status);
    document.querySelectorAll(".problem").forEach(one => one.remove());
    try {
      await answer(values, text => { status.textContent = text; });
    } catch (error) {
      if (error.name !== "AbortError") box.replaceChildren(made("div", {class: "problem", role: "alert"}, made("p", {}, error.message)));
      box.dataset.done = "error";
    }
  }

  /* The table that came with the page can be sorted without asking again. */
  function sortable(table) {
    const collator = new Intl.Collator(language, {numeric: true});
    const heads = [...table.tHead.rows[0].cells], rows = [...table.tBodies[0].rows];
    heads.forEach((head, place) => {
      const button = made("button", {type: "button", class: "sort"}, head.textContent);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(one => one.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const value = row => { const cell = row.cells[place]; return cell.querySelector("time")?.dateTime ?? cell.textContent.trim(); };
        const plain = text => head.classList.contains("number") ? Number(text.replace(/[^\d,.-]/g, "").replace(language === "en" ? /,/g : /\./g, "").replace(",", ".")) : text;
        rows.sort((one, other) => {
          const [a, b] = [value(one), value(other)];
          if (!a || !b) return (a ? 0 : 1) - (b ? 0 : 1);
          const [x, y] = [plain(a), plain(b)];
          return (down ? -1 : 1) * (typeof x === "number" ? x - y : collator.compare(x, y));
        });
        table.tBodies[0].append(...rows);
      });
    });
  }

  self.transfergraphQuestion = {bound};
  if (form) {
    const given = asked();
    for (const [name, value] of Object.entries(given)) {
      const field = form.elements[name];
      if (field && !about.endpoint) field.value = value;
    }
    form.querySelectorAll("input[data-kind=key]").forEach(completing);
    form.querySelectorAll("select").forEach(one => one.options.length > LISTED && completing(one));
    if (!about.endpoint && engine.canAsk) {
      form.hidden = false;
      document.getElementById("asked")?.closest("section").remove();
      form.addEventListener("submit", event => {
        event.preventDefault();
        const values = Object.fromEntries(new FormData(form));
        remember(values);
        replace(values);
      });
    }
  }
  const table = box.querySelector("table");
  if (table) sortable(table);
  const given = asked();
  if (engine.canAsk) {
    if (!about.endpoint && Object.keys(given).length && about.triples <= about.by_itself) replace(given);
    else if (table || document.querySelector("[data-unanswered]")) {
      const button = made("button", {type: "button", class: "small", "data-pictures": true, onclick: () => replace(asked())}, say("question.script.pictures"));
      document.querySelector("[data-tools]").append(button);
      if (view !== "table") button.click();
    }
  }
})();
