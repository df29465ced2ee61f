"use strict";
/* The page for queries: the editor (CodeMirror, in a shadow root, so that a strict policy is kept), what it completes,
   and what goes with a query: its answer, its address, lines for other programs, those asked before. */
(() => {
  const engine = self.transfergraphEngine, answers = self.transfergraphAnswers;
  const {say, language, about, root} = engine;
  const {made, named} = answers;
  const terms = self.transfergraphTerms;
  const form = document.querySelector("form.sparql"), textarea = form.querySelector("textarea");
  const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

  // What stands at a place of a query: tokens, and from them subject, predicate and the classes of variables

  const TOKEN = /(?<space>\s+|#[^\n]*)|(?<iri><[^<>"{}|^`\\\s]*>)|(?<string>"""(?:[^"\\]|\\.|"(?!""))*"""|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<open>["'][^\n]*)|(?<variable>[?$]\w+)|(?<name>(?:[A-Za-z][\w.-]*)?:(?:[\w%-](?:[\w.:%-]*[\w:%-])?)?)|(?<tag>@[A-Za-z-]+)|(?<number>\d+(?:\.\d+)?)|(?<word>[A-Za-z]\w*)|(?<mark>\^\^|[^\s])/gy;

  function tokens(text) {
    const found = [];
    TOKEN.lastIndex = 0;
    for (let match; (match = TOKEN.exec(text));) {
      const kind = Object.keys(match.groups).find(one => match.groups[one] !== undefined);
      if (kind !== "space" || match[0].startsWith("#")) found.push({kind: kind === "space" ? "comment" : kind, text: match[0], from: match.index, to: TOKEN.lastIndex});
    }
    return found;
  }

  function prefixesIn(all) {
    const declared = {};
    all.forEach((token, place) => {
      const [name, iri] = [all[place + 1], all[place + 2]];
      if (token.kind === "word" && /^prefix$/i.test(token.text) && name?.kind === "name" && iri?.kind === "iri") declared[name.text.slice(0, -1)] = iri.text.slice(1, -1);
    });
    return declared;
  }

  function expanded(text, declared) {
    if (text.startsWith("<")) return text.slice(1, -1);
    const colon = text.indexOf(":");
    const namespace = declared[text.slice(0, colon)] ?? terms.prefixes[text.slice(0, colon)];
    return namespace === undefined ? text : namespace + text.slice(colon + 1);
  }

  const GROUPS = /^(where|optional|filter|union|graph|service|minus|exists|not|values|bind|select|construct|ask|describe|from|named|order|group|having|limit|offset|by|distinct|reduced|prefix|base|as|in|silent|undef|asc|desc)$/i;

  /* The state after the tokens: the place (start, subject, predicate, object, end, values, graph, expression), subject
     and predicate there; and for each subject the classes that are stated of it. */
  function read(all, declared) {
    const classes = new Map();
    const state = {place: "start", subject: "", predicate: ""};
    const stack = [];
    let depth = 0, blank = 0;
    const open = mark => stack.push({mark, ...state});
    const term = text => {
      if (state.place === "subject" || state.place === "end") Object.assign(state, {subject: text, place: "predicate"});
      else if (state.place === "predicate") Object.assign(state, {predicate: text === "a" ? TYPE : expanded(text, declared), place: "object"});
      else if (state.place === "object") {
        if (state.predicate === TYPE && !/^[?$]/.test(text)) {
          if (!classes.has(state.subject)) classes.set(state.subject, new Set());
          classes.get(state.subject).add(expanded(text, declared));
        }
        state.place = "end";
      }
    };
    for (const {kind, text} of all) {
      if (kind === "comment" || kind === "tag") continue;
      if (text === "(" && state.place !== "predicate") { open("("); state.place = "expression"; continue; }
      if (text === ")" && stack.at(-1)?.mark === "(") { state.place = stack.pop().place; continue; }
      if (text === "{") {
        open("{");
        depth++;
        if (state.place !== "values") state.place = "subject";
        continue;
      }
      if (text === "}") {
        while (stack.length && stack.pop().mark !== "{");
        depth = Math.max(0, depth - 1);
        state.place = depth ? "subject" : "start";
        continue;
      }
      if (state.place === "expression") continue;
      if (kind === "word" && GROUPS.test(text)) {
        if (/^values$/i.test(text)) state.place = "values";
        else if (/^(graph|service)$/i.test(text)) state.place = "graph";
        else if (depth) state.place = /^(filter|bind|having)$/i.test(text) ? "end" : "subject";
        continue;
      }
      if (!depth || state.place === "values" || state.place === "graph") continue;
      if (kind !== "mark") term(text);
      else if (text === ".") state.place = "subject";
      else if (text === ";") state.place = "predicate";
      else if (text === ",") state.place = "object";
      else if (/^[/|^]$/.test(text) && state.place === "object") state.place = "predicate";
      else if (text === "[") {
        const name = `[${++blank}`;
        term(name);
        open("[");
        Object.assign(state, {subject: name, place: "predicate"});
      } else if (text === "]" && stack.at(-1)?.mark === "[") {
        const {place, subject, predicate} = stack.pop();
        Object.assign(state, {place, subject, predicate});
      }
    }
    return {...state, classes};
  }

  function stateAt(text, place) {
    const all = tokens(text), declared = prefixesIn(all);
    const current = all.find(token => token.from < place && place <= token.to && token.kind !== "mark" && token.kind !== "string");
    if (current?.kind === "comment" || current?.kind === "open" || all.some(token => token.kind === "string" && token.from < place && place < token.to)) return null;
    const before = all.filter(token => token.to <= (current ? current.from : place));
    const {classes} = read(all.filter(token => token !== current), declared);
    const here = read(before, declared);
    const typed = text.slice(current ? current.from : place, place);
    return {...here, classes: new Set([...classes.get(here.subject) ?? []].filter(one => terms.classes[one])), declared, typed, from: place - typed.length, all};
  }

  // What is offered

  const folded = text => text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
  const nameOf = (iri, declared) => {
    for (const [prefix, namespace] of [...Object.entries(declared), ...Object.entries(terms.prefixes)]) {
      if (iri.startsWith(namespace) && /^[A-Za-z_][\w-]*$/.test(iri.slice(namespace.length))) return [`${prefix}:${iri.slice(namespace.length)}`, prefix, namespace];
    }
    return [`<${iri}>`, "", ""];
  };

  function declaring(text, declared, prefix, namespace) {
    return prefix && !(prefix in declared) ? {from: 0, insert: `PREFIX ${prefix}: <${namespace}>\n`} : null;
  }

  const KEYWORDS = ["SELECT", "DISTINCT", "WHERE", "OPTIONAL", "FILTER", "UNION", "MINUS", "BIND", "VALUES", "GRAPH", "FILTER NOT EXISTS", "ORDER BY", "GROUP BY",
    "HAVING", "LIMIT", "OFFSET", "CONSTRUCT", "ASK", "DESCRIBE", "PREFIX", "AS", "DESC"];
  const FUNCTIONS = ["COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT", "STR", "LANG", "LANGMATCHES", "DATATYPE", "CONTAINS", "STRSTARTS", "STRENDS", "LCASE",
    "UCASE", "STRLEN", "SUBSTR", "REPLACE", "REGEX", "CONCAT", "COALESCE", "IF", "BOUND", "YEAR", "MONTH", "ROUND", "ABS", "IRI", "ISIRI", "ISLITERAL"];

  function options(text, place, explicit) {
    const state = stateAt(text, place);
    if (!state) return null;
    const {typed, declared, all} = state;
    if (!typed && !explicit && !(state.place === "predicate" || state.place === "object" && state.predicate === TYPE) ) return null;
    if (/^[?$]/.test(typed)) return {from: state.from, options: variables(all, typed)};
    const wanted = folded(typed.replace(/^</, ""));
    const fits = (...words) => words.some(one => folded(one).split(/[^\p{L}\p{N}:]+|(?<=:)/u).some(word => word.startsWith(wanted)) || folded(one).startsWith(wanted) || wanted.length > 3 && folded(one).includes(wanted));
    const made = [];
    const offer = (iri, label, section, rank, boost, info) => {
      const [name, prefix, namespace] = nameOf(iri, declared);
      if (!fits(name, name.slice(name.indexOf(":") + 1), label, ...columnNames(iri))) return;
      made.push({
        label: name.startsWith("<") ? shortIri(name) : name, detail: label, section: {name: section, rank}, boost, info: info || undefined,
        apply: (view, completion, from, to) => {
          const head = declaring(text, declared, prefix, namespace), changes = [{from, to, insert: name}];
          if (head) changes.unshift(head);
          view.dispatch({changes, selection: {anchor: from + name.length + (head ? head.insert.length : 0)}, userEvent: "input.complete"});
        },
      });
    };
    if (state.place === "predicate") {
      const done = new Set([TYPE]);
      if (fits("a") && !typed.includes(":")) made.push({label: "a", detail: say("workbench.is-a"), section: {name: say("workbench.section.keywords"), rank: 9}, boost: 9});
      for (const one of state.classes) {
        for (const [iri, mandatory, count] of terms.classes[one].properties) {
          if (done.has(iri)) continue;
          done.add(iri);
          const section = say(mandatory ? "workbench.section.mandatory" : "workbench.section.optional", named(terms.classes[one].label));
          offer(iri, propertyLabel(iri), section, mandatory ? 0 : 1, 60 - made.length, count ? say("workbench.times", engine.number(count)) : say("workbench.unused"));
        }
      }
      const others = Object.entries(terms.properties).filter(([iri]) => !done.has(iri)).sort((one, other) => (other[1].count ?? 0) - (one[1].count ?? 0));
      for (const [iri, {count}] of others) offer(iri, propertyLabel(iri), say(state.classes.size ? "workbench.section.others" : "workbench.section.properties"), 2, 0, count ? say("workbench.times", engine.number(count)) : say("workbench.unused"));
    } else if (state.place === "object" && state.predicate === TYPE) {
      const all = Object.entries(terms.classes).sort((one, other) => other[1].count - one[1].count);
      for (const [iri, {label, about: told, count}] of all) {
        if (label || count) offer(iri, named(label), say("workbench.section.classes"), 0, 0, [named(told), count ? say("workbench.times", engine.number(count)) : say("workbench.unused")].filter(Boolean).join(" – "));
      }
    } else if (state.place === "object") {
      for (const iri of terms.properties[state.predicate]?.values ?? []) offer(iri, named(terms.values[iri]), say("workbench.section.values", propertyLabel(state.predicate)), 0, 0);
      made.push(...variables(all, typed));
    } else if (/^<|:/.test(typed)) {
      for (const [iri, {label}] of Object.entries({...terms.classes, ...terms.properties})) offer(iri, named(label), say("workbench.section.properties"), 1, 0);
    }
    if (typed && !typed.includes(":") && !typed.startsWith("<")) {
      const words = state.place === "expression" ? FUNCTIONS : KEYWORDS;
      for (const word of words) if (folded(word).startsWith(wanted)) made.push({label: word, section: {name: say("workbench.section.keywords"), rank: 8}});
      for (const [prefix, namespace] of Object.entries(terms.prefixes)) {
        if (folded(prefix).startsWith(wanted) && state.place !== "start") made.push({label: `${prefix}:`, detail: namespace, section: {name: say("workbench.section.prefixes"), rank: 7},
          apply: (view, _, from, to) => {
            const head = declaring(text, declared, prefix, namespace), changes = [{from, to, insert: `${prefix}:`}];
            if (head) changes.unshift(head);
            view.dispatch({changes, selection: {anchor: from + prefix.length + 1 + (head ? head.insert.length : 0)}, userEvent: "input.complete"});
            self.transfergraphEditor.startCompletion(view);
          }});
      }
    } else if (explicit && state.place === "expression") made.push(...variables(all, ""));
    return made.length ? {from: state.from, options: made} : null;
  }

  /* The columns of tables by which people know a property, of one class or of any. */
  const columnsOf = (iri, of) => (terms.properties[iri]?.columns ?? []).filter(one => !of || one.of.some(kind => kind === of || terms.classes[of]?.above.includes(kind)));
  const columnNames = iri => columnsOf(iri).flatMap(one => one.names);
  const shortIri = text => text.length > 60 ? `<…${text.slice(-58)}` : text;
  const propertyLabel = iri => named(terms.properties[iri]?.label);

  function variables(all, typed) {
    const names = new Set(all.filter(token => token.kind === "variable" && token.text !== typed).map(token => `?${token.text.slice(1)}`));
    return [...names].filter(name => name.startsWith(`?${typed.slice(1)}`)).map(label => ({label, section: {name: say("workbench.section.variables"), rank: 3}}));
  }

  // The editor

  function editor(start) {
    const {EditorView, EditorState, keymap, lineNumbers, drawSelection, history, defaultKeymap, historyKeymap, autocompletion,
      completionKeymap, closeBrackets, closeBracketsKeymap, bracketMatching, syntaxHighlighting, HighlightStyle, tags, sparql, syntaxTree, setDiagnostics} = self.transfergraphEditor;
    const host = made("div", {class: "editor"});
    const shadow = host.attachShadow({mode: "open"});
    const style = HighlightStyle.define([
      {tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--accent)", fontWeight: "600"},
      {tag: [tags.string, tags.special(tags.string)], color: "var(--string)"}, {tag: [tags.number, tags.bool], color: "var(--string)"},
      {tag: [tags.comment, tags.lineComment], color: "var(--soft)", fontStyle: "italic"}, {tag: [tags.variableName, tags.atom, tags.special(tags.variableName)], color: "var(--variable)"},
    ]);
    const theme = EditorView.theme({
      "&": {backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--soft)", borderRadius: "0.3rem", fontSize: "0.95rem"},
      "&.cm-focused": {outline: "3px solid var(--accent)", outlineOffset: "2px"},
      ".cm-scroller": {fontFamily: "ui-monospace, Menlo, Consolas, monospace", lineHeight: "1.5", minHeight: "16rem", maxHeight: "70vh"},
      ".cm-content": {caretColor: "var(--ink)", padding: "0.5rem 0"}, ".cm-cursor": {borderLeftColor: "var(--ink)"},
      ".cm-gutters": {backgroundColor: "var(--panel)", color: "var(--soft)", border: "none"},
      "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {backgroundColor: "var(--tint) !important"},
      ".cm-matchingBracket": {backgroundColor: "var(--tint) !important", outline: "1px solid var(--soft)"},
      ".cm-tooltip": {backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--soft)"},
      ".cm-tooltip.cm-tooltip-autocomplete > ul": {maxHeight: "18rem", fontFamily: "inherit", maxWidth: "min(46rem, 92vw)"},
      ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {padding: "0.2rem 0.6rem"},
      ".cm-tooltip-autocomplete ul li[aria-selected]": {backgroundColor: "var(--tint)", color: "var(--ink)", boxShadow: "inset 3px 0 0 var(--accent)"},
      ".cm-tooltip.cm-tooltip-autocomplete > ul > completion-section": {color: "var(--soft)", padding: "0.35rem 0.6rem 0.1rem", opacity: "1", borderBottom: "1px solid var(--rule)"},
      ".cm-completionDetail": {color: "var(--soft)", fontStyle: "normal"}, ".cm-completionIcon": {display: "none"}, ".cm-completionInfo": {maxWidth: "20rem"},
      ".cm-diagnostic": {fontFamily: "system-ui, sans-serif", color: "var(--ink)"},
      ".cm-lintRange-error": {backgroundImage: "none", textDecoration: "underline wavy #c0392b", textDecorationSkipInk: "none"},
    });

    /* A colon behind a known prefix that is not declared yet: its declaration comes to the top. */
    const declare = EditorView.inputHandler.of((view, from, to, text) => {
      if (text !== ":" || from !== to) return false;
      const whole = view.state.doc.toString(), state = stateAt(whole, from);
      const prefix = state && whole.slice(0, from).match(/(?<![\w:?$<-])[A-Za-z][\w-]*$/)?.[0];
      if (!prefix || !terms.prefixes[prefix] || prefix in state.declared || /prefix\s+$/i.test(whole.slice(0, from - prefix.length))) return false;
      const head = declaring(whole, state.declared, prefix, terms.prefixes[prefix]);
      view.dispatch({changes: [head, {from, insert: ":"}], selection: {anchor: from + 1 + head.insert.length}, userEvent: "input.type"});
      self.transfergraphEditor.startCompletion(view);
      return true;
    });

    /* The first place that the grammar does not know, when nobody has typed for a moment. It keeps nothing from being
       sent, because the grammar does not know RDF 1.2. */
    let waiting = 0;
    const problemIn = state => {
      let found = null;
      syntaxTree(state).iterate({enter: node => {
        if (found) return false;
        if (node.type.isError) found = {from: node.from, to: Math.max(node.to, Math.min(node.from + 1, state.doc.length))};
        return !found;
      }});
      return found;
    };
    const mark = view => {
      const at = view.state.doc.toString().trim() ? problemIn(view.state) : null;
      if (at && at.from === at.to) at.from = Math.max(0, at.from - 1);
      const line = at && view.state.doc.lineAt(at.from);
      const message = at && say("workbench.syntax", line.number, at.from - line.from + 1);
      view.dispatch(setDiagnostics(view.state, at ? [{...at, severity: "error", message}] : []));
      note.textContent = message ?? "";
    };
    const note = made("p", {class: "hint syntax"});
    const changed = EditorView.updateListener.of(update => {
      if (!update.docChanged) return;
      textarea.value = update.state.doc.toString();
      self.clearTimeout(waiting);
      waiting = setTimeout(() => mark(update.view), 600);
    });
    const view = new EditorView({
      root: shadow, parent: shadow,
      state: EditorState.create({doc: start, extensions: [
        lineNumbers(), drawSelection(), history(), bracketMatching(), closeBrackets(), sparql(), syntaxHighlighting(style), theme, changed, declare,
        EditorView.lineWrapping, EditorState.tabSize.of(2),
        EditorView.contentAttributes.of({"aria-label": say("workbench.editor"), spellcheck: "false"}),
        EditorState.phrases.of({"Completions": say("workbench.completions"), "Control character": say("workbench.editor")}),
        autocompletion({override: [context => { const found = options(context.state.doc.toString(), context.pos, context.explicit); return found && {...found, filter: false}; }], icons: false, activateOnTyping: true}),
        keymap.of([{key: "Mod-Enter", run: () => { form.requestSubmit(); return true; }}, ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      ]}),
    });
    textarea.before(host);
    host.after(note);
    textarea.hidden = true;
    const label = form.querySelector("label[for=query]");
    label.addEventListener("click", event => { event.preventDefault(); view.focus(); });
    mark(view);
    /* What the engine says of a place: "error at 3:2: expected ..." */
    const point = message => {
      const found = message.match(/(?:at|line) (\d+)(?::|, column )(\d+)/);
      if (!found || Number(found[1]) > view.state.doc.lines) return;
      const line = view.state.doc.line(Number(found[1]));
      const from = Math.min(line.from + Number(found[2]) - 1, line.to), to = Math.min(from + 1, view.state.doc.length);
      view.dispatch(setDiagnostics(view.state, [{from: from === to ? Math.max(0, from - 1) : from, to, severity: "error", message}]));
    };
    return {
      view, host, point,
      get text() { return view.state.doc.toString(); },
      set text(value) { view.dispatch({changes: {from: 0, to: view.state.doc.length, insert: value}}); },
      insert(value, prefix, namespace) {
        const whole = view.state.doc.toString(), head = declaring(whole, prefixesIn(tokens(whole)), prefix, namespace);
        const {from, to} = view.state.selection.main, changes = [{from, to, insert: value}];
        if (head) changes.unshift(head);
        view.dispatch({changes, selection: {anchor: from + value.length + (head && from >= 0 ? head.insert.length : 0)}});
        view.focus();
      },
    };
  }

  // Lines for other programs

  function address(query, format) {
    return `${about.address}?${format ? `format=${format}&` : ""}query=${encodeURIComponent(query)}`;
  }

  function snippets(query) {
    const python = '"""', safe = query.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"');
    const shell = text => `'${text.replaceAll("'", "'\\''")}'`;
    const note = say("workbench.snippet.release", about.release);
    if (!about.endpoint && !about.address) {
      return {
        curl: `# ${note}\ncurl -sSLO ${shell(about.dump)}`,
        Python: `# ${note}\n# pip install pyoxigraph pandas\nimport gzip\nimport urllib.request\n\nimport pandas\nfrom pyoxigraph import RdfFormat, Store\n\nquery = ${python}\n${safe}\n${python}\nstore = Store()\nwith urllib.request.urlopen(${JSON.stringify(about.dump)}) as dump:\n    store.load(gzip.decompress(dump.read()), format=RdfFormat.N_QUADS)\nfound = store.query(query, use_default_graph_as_union=True)\nrows = [[term and term.value for term in row] for row in found]\nprint(pandas.DataFrame(rows, columns=[one.value for one in found.variables]))\n`,
      };
    }
    const isGraph = engine.isGraph(query);
    const r = JSON.stringify(query);
    const made = {
      curl: `# ${note}\ncurl -sS ${shell(about.address)} -H 'Accept: ${isGraph ? "text/turtle" : "text/csv"}' --data-urlencode ${shell(`query=${query}`)}`,
      Python: isGraph
        ? `# ${note}\n# pip install rdflib SPARQLWrapper\nfrom SPARQLWrapper import RDFXML, SPARQLWrapper\n\nendpoint = SPARQLWrapper(${JSON.stringify(about.address)})\nendpoint.setQuery(${python}\n${safe}\n${python})\nendpoint.setReturnFormat(RDFXML)\nprint(endpoint.queryAndConvert().serialize(format="turtle"))\n`
        : `# ${note}\n# pip install pandas\nfrom urllib.parse import urlencode\n\nimport pandas\n\nquery = ${python}\n${safe}\n${python}\nprint(pandas.read_csv(${JSON.stringify(`${about.address}?`)} + urlencode({"query": query, "format": "csv"})))\n`,
    };
    if (!isGraph) {
      made.R = `# ${note}\nquery <- ${r}\nurl <- paste0(${JSON.stringify(`${about.address}?format=csv&query=`)}, URLencode(query, reserved = TRUE))\nprint(read.csv(url, encoding = "UTF-8"))\n`;
      made[say("workbench.snippet.sheet")] = address(query, "csv");
    }
    return made;
  }

  const copyButton = text => made("button", {type: "button", class: "small", onclick: async event => {
    const button = event.currentTarget;
    try { await navigator.clipboard.writeText(text()); button.textContent = say("workbench.copied"); } catch { getSelection().selectAllChildren(button.previousElementSibling); }
  }}, say("workbench.copy"));

  function fillSnippets(panel, query) {
    const list = panel.querySelector("div");
    list.replaceChildren(...Object.entries(snippets(query)).flatMap(([name, text]) => {
      const block = made("pre", {tabindex: "0", "aria-label": name}, made("code", {}, text));
      return [made("h3", {}, name), ...(name === say("workbench.snippet.sheet") ? [made("p", {class: "note"}, say("workbench.snippet.sheet.about"))] : []), block, copyButton(() => text)];
    }));
    if (!about.endpoint && !about.address) list.prepend(made("p", {class: "note"}, say("workbench.snippet.none")));
  }

  // The queries of this browser

  const KEY = "transfergraph-queries", KEPT = 50;
  const kept = () => { try { return JSON.parse(localStorage.getItem(KEY)) ?? []; } catch { return []; } };
  const keep = queries => { try { localStorage.setItem(KEY, JSON.stringify(queries)); } catch { /* nothing may be kept */ } };

  function remember(query) {
    keep([{query, at: new Date().toISOString()}, ...kept().filter(one => one.query !== query)].slice(0, KEPT));
  }

  function fillHistory(panel, use) {
    const list = panel.querySelector("div"), all = kept();
    const first = query => query.split("\n").filter(line => line.trim() && !/^\s*(prefix|base|#)/i.test(line)).join(" ").replace(/\s+/g, " ").slice(0, 120);
    list.replaceChildren(made("p", {class: "note"}, say(all.length ? "workbench.history.about" : "workbench.history.none")),
      made("ul", {class: "list"}, ...all.map(({query, at}) => made("li", {}, made("button", {type: "button", class: "plain", onclick: () => use(query)}, first(query) || query.slice(0, 120)),
        made("span", {class: "aside"}, new Date(at).toLocaleString(language))))),
      ...(all.length ? [made("button", {type: "button", class: "small", onclick: () => { keep([]); fillHistory(panel, use); }}, say("workbench.history.clear"))] : []));
  }

  // The ontology beside the editor

  function fillOntology(panel, write) {
    const box = panel.querySelector("div"), list = made("div", {class: "classes"});
    const input = made("input", {type: "search", "aria-label": say("workbench.ontology.filter"), placeholder: say("workbench.ontology.filter"), oninput: () => fill(folded(input.value.trim()))});
    const insert = iri => { const [name, prefix, namespace] = nameOf(iri, {}); write(`${name} `, prefix, namespace); };
    const entry = (iri, label, more) => made("li", {}, made("button", {type: "button", class: "plain", title: iri, onclick: () => insert(iri)}, nameOf(iri, {})[0]), " ", made("span", {class: "aside"}, [label, more].filter(Boolean).join(" · ")));
    function fill(wanted) {
      const has = (iri, label) => !wanted || folded(`${iri} ${label}`).includes(wanted);
      const byColumn = (property, of) => wanted && !has(property, propertyLabel(property))
        ? columnsOf(property, of).find(one => folded([...one.names, named(one.about)].join(" ")).includes(wanted)) : undefined;
      const told = (property, of) => {
        const column = byColumn(property, of);
        return column && say("workbench.column", column.names[0], named(column.about));
      };
      const classes = Object.entries(terms.classes).filter(([, one]) => one.label && (one.count || one.properties.length));
      list.replaceChildren(...classes.sort((one, other) => collate(named(one[1].label), named(other[1].label))).flatMap(([iri, one]) => {
        const all = one.properties.filter(([property]) => property !== TYPE);
        const shown = has(iri, named(one.label)) ? all : all.filter(([property]) => wanted && (has(property, propertyLabel(property)) || byColumn(property, iri)));
        if (!shown.length && !has(iri, named(one.label))) return [];
        return [made("details", {open: Boolean(wanted) && shown.length < all.length}, made("summary", {}, named(one.label), made("span", {class: "aside"}, one.count ? engine.number(one.count) : say("workbench.unused"))),
          made("ul", {}, entry(iri, named(one.label), say("workbench.class")), ...shown.map(([property, mandatory]) => entry(property, propertyLabel(property), [mandatory ? say("workbench.mandatory") : "", told(property, iri)].filter(Boolean).join(" · ")))))];
      }));
      if (!list.children.length) list.append(made("p", {class: "note"}, say("workbench.ontology.none")));
    }
    fill("");
    box.append(input, list);
    panel.open = matchMedia("(min-width: 60rem)").matches;
  }
  const collate = new Intl.Collator(language).compare;

  // The page

  function addressHere(query, view) {
    const url = new URL(location.href);
    url.search = ""; url.hash = "";
    const values = new URLSearchParams({query, ...(view === "table" ? {} : {view})});
    if (encodeURIComponent(query).length < 6000) url.search = values; else url.hash = values;
    return url.href;
  }

  const given = new URLSearchParams(location.search.includes("query=") ? location.search : location.hash.slice(1));
  const box = document.getElementById("result"), panels = Object.fromEntries([...document.querySelectorAll("[data-panel]")].map(one => [one.dataset.panel, one]));
  const field = editor(given.get("query") || textarea.value.replace(/^\n/, ""));
  const [runButton, stopButton] = [form.querySelector("button[type=submit]"), made("button", {type: "button", class: "quiet", hidden: true}, say("workbench.stop"))];
  const status = made("p", {role: "status", class: "length"}), tools = made("div", {class: "tools"}, runButton, stopButton, made("span", {class: "hint"}, say("workbench.keys")));
  form.append(tools);
  let running = null, view = given.get("view") ?? "table";
  stopButton.addEventListener("click", () => running?.abort());

  function use(query) { field.text = query; field.view.focus(); scrollTo({top: form.offsetTop - 20}); }

  async function run() {
    const query = field.text;
    running?.abort();
    const mine = running = new AbortController(), {signal} = mine;
    const section = box.querySelector("section");
    section.hidden = false;
    box.querySelector("div").replaceChildren(status);
    status.textContent = say("workbench.running");
    stopButton.hidden = false;
    document.querySelectorAll("[data-answered]").forEach(one => one.remove());
    try {
      const answer = await engine.answer(query, {signal, progress: text => { status.textContent = text; }});
      if (signal.aborted) return;
      remember(query);
      history.replaceState(null, "", addressHere(query, view));
      await answers.show(box.querySelector("div"), answer, {heading: "answer", query, view, chosen: one => { view = one; history.replaceState(null, "", addressHere(query, view)); }});
      box.querySelector("div").prepend(made("p", {class: "link"}, made("a", {href: addressHere(query, view)}, say("workbench.link")), " ", copyButton(() => addressHere(query, view))));
      box.dataset.done = query;
    } catch (error) {
      if (error.name === "AbortError") {
        if (running === mine) status.textContent = say("workbench.stopped");
      } else {
        box.querySelector("div").replaceChildren(made("div", {class: "problem", role: "alert"}, made("p", {}, error.message)));
        field.point(error.message);
        box.dataset.done = query;
      }
    } finally {
      if (running === mine) { running = null; stopButton.hidden = true; }
    }
  }

  form.addEventListener("submit", event => {
    event.preventDefault();
    if (!engine.canAsk) return;
    view = "table";
    run();
  });
  panels.snippets?.addEventListener("toggle", () => panels.snippets.open && fillSnippets(panels.snippets, field.text));
  panels.history?.addEventListener("toggle", () => panels.history.open && fillHistory(panels.history, use));
  fillOntology(panels.ontology, field.insert);
  document.querySelectorAll("[data-example]").forEach(link => link.addEventListener("click", event => {
    event.preventDefault();
    use(link.closest("details").querySelector("code").textContent);
    if (engine.canAsk) form.requestSubmit();
  }));
  self.transfergraphWorkbench = {field, options, stateAt, snippets, run};

  /* A site asks before it loads a large graph, and runs nothing that nobody asked for. */
  const large = !about.endpoint && about.triples > about.by_itself;
  if (!engine.canAsk) runButton.disabled = true;
  else if (given.get("query") && !large) run();
  else if (large) runButton.textContent = say("workbench.run.large", engine.number(about.triples));
})();
