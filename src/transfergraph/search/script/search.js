"use strict";
/* The search of a page: suggestions while one types, and the results on the search page where no server answers.
   A server is asked for search.json?q=...; where that is a file, or the page is one, the list of names is scanned by
   the same steps and rules (search/find.py, search/folding.py). */
(() => {
  const LONGEST = 500, MOST_WORDS = 32, SHORTEST_PART = 3, MOST_ALIKE = 50, SUGGESTED = 10, SHOWN = 50;
  const NAME = 1;
  const ALIKE = {"ß": "ss", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ς": "σ"};
  const SPELLED = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"};
  const BARE = {"ä": "a", "ö": "o", "ü": "u", "å": "a", "ø": "o"};

  // The rule by which names and what people type become comparable

  const replaced = (text, table) => text.replace(/[^\x00-\x7f]/g, one => table[one] ?? one);
  const lower = text => replaced(text.normalize("NFC").toLowerCase(), ALIKE);
  const split = text => text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const fold = text => split(replaced(lower(text), SPELLED)).join(" ");

  function forms(text) {
    const plain = lower(text);
    const spelled = split(replaced(plain, SPELLED)).join(" ");
    if (!/[^\x00-\x7f]/.test(plain)) return [spelled];
    const bare = split(replaced(plain, BARE)).join(" ");
    return spelled === bare ? [spelled] : [spelled, bare];
  }

  const wordsOf = folded => [...new Set(folded.split(" ").filter(Boolean))].slice(0, MOST_WORDS);
  function asTyped(text) {
    const found = new Map();
    for (const word of text.normalize("NFC").match(/[\p{L}\p{N}]+/gu) ?? []) if (!found.has(fold(word))) found.set(fold(word), word);
    return found;
  }

  const forgiven = typed => typed.length < 4 || typed.length > 40 ? 0 : typed.length < 8 ? 1 : 2;

  function errorsIn(typed, word, most) {
    const many = [most + 1, most + 1];
    if (typed.length - word.length > most) return many;
    word = word.slice(0, typed.length + most + 1);
    let before = [], row = Array.from({length: word.length + 1}, (_, place) => place);
    for (let i = 0; i < typed.length; i++) {
      const above = row;
      row = [i + 1];
      for (let j = 0; j < word.length; j++) {
        let least = Math.min(above[j] + (typed[i] !== word[j] ? 1 : 0), above[j + 1] + 1, row[j] + 1);
        if (i && j && typed[i] === word[j - 1] && word[j] === typed[i - 1]) least = Math.min(least, before[j - 1] + 1);
        row.push(least);
      }
      if (Math.min(...row) > most) return many;
      before = above;
    }
    return [row[row.length - 1], Math.min(...row)];
  }

  // The list of names, part by part

  const script = document.currentScript;
  const root = script.src.replace(/search\.js([?#].*)?$/, "");
  const parts = new Map();      // what is loaded or on its way, by the name of its file
  const arrived = new Map();    // what to do when it is there
  const list = {about: null, entities: []};

  function take(kind, number, content) {
    arrived.get(kind + number)?.(content);
  }

  function load(kind, number = 0) {
    const key = kind + number;
    if (!parts.has(key)) {
      parts.set(key, new Promise((resolve, reject) => {
        arrived.set(key, resolve);
        const element = document.createElement("script");
        element.src = `${root}search/${kind}${number ? `-${number}` : ""}.js`;
        element.onerror = () => { parts.delete(key); reject(new Error(element.src)); };
        document.head.append(element);
      }));
    }
    return parts.get(key);
  }

  function entity([kind, path, ...flat]) {
    const names = [], lines = [["\n"], ["\n"]];
    for (let at = 0; at < flat.length; at += 3) {
      const [field, language, text] = flat.slice(at, at + 3);
      names.push({field, language, text});
      const other = list.about.fields[field][0] === NAME ? 0 : 1;
      for (const form of forms(text)) lines[other].push(` ${form}\n`);
    }
    return {kind, path, names, own: lines[0].join(""), other: lines[1].join("")};
  }

  let loading = null;

  function loadNames(progress) {
    loading ??= (async () => {
      list.about = await load("list");
      for (let number = 1; number <= list.about.names; number++) {
        for (const row of await load("names", number)) list.entities.push(entity(row));
        parts.set(`names${number}`, Promise.resolve([]));  // the rows are not needed any more
        progress?.();
      }
    })().catch(error => { loading = null; list.entities.length = 0; throw error; });
    return loading;
  }

  // The steps: see search/find.py

  const begins = word => one => one.includes(` ${word}`);
  const isPart = word => word.length >= SHORTEST_PART ? one => one.includes(word) : begins(word);

  function scanned(folded, words, most) {
    const steps = Array.from({length: 9}, () => []);
    const tests = words.map(begins), within = words.map(isPart);
    const long = words.some(word => word.length >= SHORTEST_PART);
    const exact = `\n ${folded}\n`, start = `\n ${folded}`, whole = `${start} `;
    list.entities.forEach(({own, other}, number) => {
      const all = own + other;
      if (!within.every(test => test(all))) return;
      let step;
      if (own.includes(exact)) step = 0;
      else if (other.includes(exact)) step = 1;
      else if (own.includes(whole)) step = 2;
      else if (other.includes(whole)) step = 3;
      else if (own.includes(start)) step = 4;
      else if (other.includes(start)) step = 5;
      else if (tests.every(test => test(own))) step = 6;
      else if (tests.every(test => test(all))) step = 7;
      else if (long) step = 8;
      else return;
      if (steps[step].length < most) steps[step].push(number);
    });
    return steps.flat().slice(0, most);
  }

  async function textsWith(word) {
    const {texts} = list.about, exact = word.length < SHORTEST_PART;
    const found = new Map();
    const last = exact ? word : `${word}\u{10ffff}`;
    for (let number = 1; number <= texts.length; number++) {
      const next = texts[number];
      if (texts[number - 1] > last || (next !== undefined && next <= word)) continue;
      for (const [other, ...pairs] of await load("texts", number)) {
        if (exact ? other !== word : !other.startsWith(word)) continue;
        for (let at = 0; at < pairs.length; at += 2) {
          let sum = 0;
          for (const step of pairs[at + 1]) {
            sum += step;
            if (!found.has(sum - 1)) found.set(sum - 1, new Set());
            found.get(sum - 1).add(pairs[at]);
          }
        }
      }
    }
    return found;
  }

  async function inTexts(words, found, most) {
    const texts = await Promise.all(words.map(textsWith));
    const candidates = new Set(texts.flatMap(one => [...one.keys()]));
    const known = new Set(found), more = [];
    for (const number of [...candidates].sort((a, b) => a - b)) {
      if (found.length + more.length >= most) break;
      if (known.has(number) || !list.entities[number]) continue;
      const all = list.entities[number].own + list.entities[number].other;
      const fits = words.every((word, at) => texts[at].has(number) || (word.length >= SHORTEST_PART
        ? all.includes(` ${word}`) : all.includes(` ${word} `) || all.includes(` ${word}\n`)));
      if (fits) more.push(number);
    }
    return {found: [...found, ...more], texts};
  }

  // Errors of typing

  function vocabulary() {
    const words = new Set();
    for (const {own, other} of list.entities) for (const word of (own + other).split(/[ \n]+/)) words.add(word);
    words.delete("");
    return [...words].sort();
  }

  const isKnown = (word, known) => known.some(other => other.startsWith(word) || (word.length >= SHORTEST_PART && other.includes(word)));

  /* Of several words those that nothing has, once all names are there. */
  function missingOf(text, words, known, texts) {
    if (words.length < 2 || list.entities.length < list.about.entities) return [];
    const typed = asTyped(text);
    return words.filter((word, at) => !texts[at].size && !isKnown(word, known)).map(word => typed.get(word) ?? word);
  }

  function alike(words, known) {
    let changed = false;
    const found = words.map(word => {
      if (isKnown(word, known)) return [`${word}*`];
      changed = true;
      return meant(word, known);
    });
    return changed && found.every(one => one.length) ? found : null;
  }

  function meant(typed, known) {
    const most = forgiven(typed);
    if (!most) return [];
    const near = known.map(word => [word, errorsIn(typed, word, most)]).filter(([, errors]) => errors[1] <= most);
    for (let errors = 1; errors <= most; errors++) {
      for (const kind of [0, 1]) {
        const fitting = near.filter(one => one[1][kind] <= errors);
        if (fitting.length) return fitting.slice(0, MOST_ALIKE).map(([word]) => word);
      }
    }
    return [];
  }

  function scannedAlike(words, most) {
    const has = (one, all) => one.endsWith("*") ? all.includes(` ${one.slice(0, -1)}`) : all.includes(` ${one} `) || all.includes(` ${one}\n`);
    const steps = [[], [], [], []];
    const whole = words.length === 1 ? words[0].map(one => `\n ${one}\n`) : [];
    list.entities.forEach(({own, other}, number) => {
      const fits = all => words.every(several => several.some(one => has(one, all)));
      const is = all => whole.some(one => all.includes(one));
      const step = is(own) ? 0 : is(other) ? 1 : fits(own) ? 2 : fits(own + other) ? 3 : 4;
      if (step < 4 && steps[step].length < most) steps[step].push(number);
    });
    return steps.flat().slice(0, most);
  }

  // What is told of a hit

  function shownName(names, language) {
    const own = names.filter(one => one.field === names[0].field);
    for (const wanted of [language, "en", ""]) {
      const one = own.find(name => name.language === wanted);
      if (one) return one;
    }
    return names[0];
  }

  function reasonOf(names, shown, folded, words) {
    const score = name => Math.max(...forms(name.text).map(form => {
      const starts = words.filter(word => ` ${form}`.includes(` ${word}`)).length;
      const within = words.filter(word => form.includes(word)).length;
      return ((form === folded ? 2 : form.startsWith(folded) ? 1 : 0) * 100 + starts) * 100 + within;
    }));
    const scores = names.map(score), best = Math.max(...scores);
    if (!best) return null;
    return score(shown) === best ? shown : names[scores.indexOf(best)];
  }

  const inLanguage = (texts, language) => texts[language] ?? texts.en ?? texts[""] ?? Object.values(texts)[0] ?? "";

  /* The fields of the texts that have the words which no name has. */
  function fieldsOf(number, names, words, texts) {
    const known = names.flatMap(name => forms(name.text));
    const others = texts.filter((_, at) => words[at] && !known.some(form => form.includes(words[at])));
    return list.about.fields.map((_, field) => field).filter(field => others.some(one => one.get(number)?.has(field)));
  }

  function told(number, folded, words, texts, language) {
    const {kind, path, names} = list.entities[number], {fields, kinds} = list.about;
    const shown = shownName(names, language), reason = reasonOf(names, shown, folded, words);
    const otherName = reason && reason.text !== shown.text ? reason.text : "";
    const by = otherName ? [reason.field] : fieldsOf(number, names, words, texts);
    return {
      path, name: shown.text, language: shown.language,
      kind: {key: kinds[kind][0], label: inLanguage(kinds[kind][1], language)},
      found: by.map(field => inLanguage(fields[field][1], language)),
      as_name: otherName,
    };
  }

  async function findInList(text, limit, language) {
    const folded = fold(text);
    let words = wordsOf(folded), similar = false, texts = [], missing = [];
    if (!words.length || text.length > LONGEST) return {hits: [], similar, more: false, missing};
    const most = limit + 1;
    let found = scanned(folded, words, most);
    if (found.length < most) ({found, texts} = await inTexts(words, found, most));
    if (!found.length) {
      const known = vocabulary();
      missing = missingOf(text, words, known, texts);
      const others = alike(words, known);
      if (others) {
        found = scannedAlike(others, most);
        similar = found.length > 0;
        words = others.flat().map(word => word.replace("*", ""));
      }
    }
    const hits = found.slice(0, limit).map(number => told(number, folded, words, similar ? [] : texts, language));
    return {hits, similar, more: found.length > limit, missing};
  }

  // Which carrier answers

  let carrier = location.protocol === "file:" ? "list" : "";
  let asked = null;

  async function find(text, limit, language, progress) {
    if (carrier !== "list") {
      asked?.abort();
      asked = new AbortController();
      const query = new URLSearchParams({q: text, limit, language});
      try {
        const answer = await fetch(`${root}search.json?${query}`, {signal: asked.signal});
        const values = await answer.json();
        if (values.hits) { carrier = "server"; return values; }
        if (carrier === "server") return {hits: [], similar: false, more: false, missing: []};
      } catch (error) {
        if (error.name === "AbortError" || carrier === "server") throw error;
      }
      carrier = "list";
    }
    await loadNames(progress);
    return findInList(text, limit, language);
  }

  self.transfergraphSearch = Object.assign(take, {find, fold, forms, errorsIn, isServed: () => carrier === "server"});

  // The page

  const language = document.documentElement.lang;
  const made = (name, values = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const href = path => `${root}${path}.${language}.html`;
  const filled = (template, value) => template.replace("{}", () => value);

  /* What to say where nothing has all words: which nothing has at all, or that each is somewhere. */
  function lacking(text, {hits, missing}, {dataset}) {
    if (missing.length) {
      const words = missing.map(word => filled(dataset.missingWord, word)).join(", ");
      return filled(hits.length ? dataset.missingSimilar : dataset.missingNone, words);
    }
    if (hits.length) return dataset.similar;
    return wordsOf(fold(text)).length > 1 ? dataset.apart : dataset.none;
  }

  function byKind(hits) {
    const groups = new Map();
    for (const hit of hits) {
      const label = hit.kind.label;
      if (!groups.has(label)) groups.set(label, []);
      groups.get(label).push(hit);
    }
    return groups;
  }

  function nameOf(hit) {
    const name = made("bdi", {}, hit.name);
    if (hit.language && hit.language !== language) name.lang = hit.language;
    return name;
  }

  function reason(hit, form) {
    if (!hit.found.length) return [];
    const by = hit.found.join(", ");
    const words = hit.as_name ? [`${by}: `, made("bdi", {}, hit.as_name)] : [filled(form.dataset.foundIn, by)];
    return [" ", made("span", {class: "aside"}, ...words)];
  }

  function combobox(form) {
    const input = form.querySelector("input");
    const box = made("div", {id: "search-list", class: "suggestions", role: "listbox", "aria-label": form.dataset.suggestions});
    const status = made("p", {role: "status", class: "unseen"});
    const note = made("p", {class: "note", "aria-hidden": "true"});
    const popup = made("div", {class: "popup"}, box, note);
    popup.hidden = true;
    form.append(popup, status);
    for (const [name, value] of Object.entries({role: "combobox", "aria-expanded": "false", "aria-controls": box.id,
      "aria-autocomplete": "list", "aria-haspopup": "listbox"})) input.setAttribute(name, value);
    let options = [], active = -1, turn = 0, shownFor = "";

    const open = isOpen => {
      popup.hidden = !isOpen;
      input.setAttribute("aria-expanded", String(isOpen && options.length > 0));
      if (!isOpen) choose(-1);
    };
    const choose = number => {
      options[active]?.setAttribute("aria-selected", "false");
      active = number;
      const option = options[active];
      if (option) {
        option.setAttribute("aria-selected", "true");
        option.scrollIntoView({block: "nearest"});
        input.setAttribute("aria-activedescendant", option.id);
      } else input.removeAttribute("aria-activedescendant");
    };
    const go = (option, event) => {
      if (event.ctrlKey || event.metaKey || event.button === 1) window.open(option.dataset.href, "_blank", "noopener");
      else location.href = option.dataset.href;
    };
    const add = (parent, target, ...content) => {
      const option = made("div", {role: "option", id: `search-option-${options.length}`, "aria-selected": "false", "data-href": target}, ...content);
      option.addEventListener("mousedown", event => event.preventDefault());
      option.addEventListener("click", event => go(option, event));
      options.push(option);
      parent.append(option);
    };

    function show(text, result) {
      const {hits, similar} = result;
      options = [];
      active = -1;
      input.removeAttribute("aria-activedescendant");
      box.replaceChildren();
      let number = 0;
      for (const [label, several] of byKind(hits)) {
        const id = `search-kind-${number++}`;
        const group = made("div", {role: "group", "aria-labelledby": id}, made("div", {id, class: "kind", role: "presentation"}, label));
        for (const hit of several) add(group, href(hit.path), nameOf(hit), ...reason(hit, form));
        box.append(group);
      }
      if (hits.length) {
        const target = new URL(form.action);
        target.searchParams.set("q", text);
        add(box, target.href, made("span", {class: "all"}, form.dataset.all));
      }
      note.textContent = hits.length && !similar ? "" : lacking(text, result, form);
      note.hidden = !note.textContent;
      status.textContent = hits.length ? `${note.textContent} ${filled(form.dataset.count, hits.length)}`.trim() : note.textContent;
      shownFor = box.dataset.for = text;
      open(document.activeElement === input);
    }

    async function update() {
      const text = input.value.trim(), mine = ++turn;
      if (!text || text.length > LONGEST) { open(false); status.textContent = ""; shownFor = ""; return; }
      try {
        const result = await find(text, SUGGESTED, language, () => {
          if (mine === turn) findInList(text, SUGGESTED, language).then(early => { if (mine === turn) show(text, early); });
        });
        if (mine === turn) show(text, result);
      } catch (error) {
        if (error.name !== "AbortError" && mine === turn) open(false);
      }
    }

    let waiting = 0;
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(update, carrier === "list" ? 30 : 60);
    });
    input.addEventListener("focus", () => {
      if (input.value.trim() && input.value.trim() === shownFor && !form.dataset.quiet) open(true);
    });
    input.addEventListener("blur", () => open(false));
    input.addEventListener("keydown", event => {
      if (event.isComposing || event.altKey && event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const isOpen = !popup.hidden;
      switch (event.key) {
        case "ArrowDown":
        case "ArrowUp": {
          event.preventDefault();
          if (!isOpen) {
            if (options.length && shownFor === input.value.trim()) open(true); else update();
            break;
          }
          const step = event.key === "ArrowDown" ? 1 : -1, places = options.length + 1;
          choose((active + 1 + step + places) % places - 1);
          break;
        }
        case "Enter":
          if (isOpen && options[active]) { event.preventDefault(); go(options[active], event); }
          break;
        case "Escape":
          if (isOpen) { event.preventDefault(); open(false); } else input.value = "";
          break;
      }
    });
    form.addEventListener("submit", event => { if (!input.value.trim()) { event.preventDefault(); input.focus(); } });
  }

  // The search page where no server has answered

  async function results(form, place) {
    const text = (new URLSearchParams(location.search).get("q") ?? "").trim();
    if (!text || place.dataset.answered) return;
    form.querySelector("input").value = text;
    const say = (...lines) => place.replaceChildren(...lines.map(line => made("p", {class: "text"}, line)));
    if (text.length > LONGEST) { say(form.dataset.long); return; }
    say(form.dataset.loading);
    try {
      const result = await find(text, SHOWN, language), {hits, similar, more} = result;
      say(!hits.length || similar ? lacking(text, result, form) : more ? filled(form.dataset.first, hits.length) : filled(form.dataset.count, hits.length));
      for (const [label, several] of byKind(hits)) {
        const items = several.map(hit => made("li", {}, made("a", {href: href(hit.path)}, nameOf(hit)), ...reason(hit, form)));
        place.append(made("section", {class: "told"}, made("h2", {}, label), made("ul", {class: "list"}, ...items)));
      }
    } catch { say(form.dataset.failed); }
  }

  function start() {
    const form = document.querySelector("form.search");
    if (!form) return;
    combobox(form);
    const place = document.getElementById("results");
    if (place) results(form, place);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
