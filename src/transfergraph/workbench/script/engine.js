"use strict";
/* Answers queries: asks the endpoint of the server, or, on a site without one, a store in a worker of this browser
   (worker.js), which is started by the first query. */
(() => {
  const script = document.currentScript;
  const folder = script.src.replace(/engine\.js([?#].*)?$/, "");
  const root = folder.replace(/workbench\/$/, "");
  const about = JSON.parse(document.getElementById("workbench-about").textContent);
  const language = document.documentElement.lang;
  const texts = about.texts;
  const say = (key, ...values) => values.reduce((text, value) => text.replace("{}", value), texts[key] ?? key);
  const number = value => new Intl.NumberFormat(language).format(value);

  // Which form a query has: its first word of the four outside comments, IRIs and strings

  function formOf(query) {
    const bare = query.replace(/<[^<>"{}|^`\\\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*/g, " ");
    return (bare.match(/(?<![\w:?$-])(select|ask|construct|describe)(?![\w:-])/i)?.[1] ?? "select").toLowerCase();
  }
  const isGraph = query => ["construct", "describe"].includes(formOf(query));

  class QueryFailure extends Error {}

  // The endpoint

  const ACCEPT = {
    csv: "text/csv", tsv: "text/tab-separated-values", json: "application/sparql-results+json",
    xml: "application/sparql-results+xml", nt: "application/n-triples", ttl: "text/turtle",
    jsonld: "application/ld+json", rdf: "application/rdf+xml",
  };

  async function fromServer(query, format, signal) {
    const answer = await fetch(`${root}sparql`, {
      method: "POST", body: query, signal,
      headers: {"content-type": "application/sparql-query", accept: ACCEPT[format], "accept-language": language},
    });
    const body = await answer.text();
    if (!answer.ok) {
      let detail = body;
      try { const problem = JSON.parse(body); detail = problem.detail ?? problem.title ?? body; } catch { /* no problem details */ }
      throw new QueryFailure(detail);
    }
    return {body, cut: answer.headers.get("transfergraph-cut") ?? ""};
  }

  // The store in this browser

  const taken = {wasm: [], graph: [], worker: []};
  self.transfergraphTake = (kind, number, content) => { taken[kind][number - 1] = content; };

  const loaded = name => new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = folder + name;
    element.onload = () => { element.remove(); resolve(); };
    element.onerror = () => { element.remove(); reject(new QueryFailure(say("workbench.load.failed"))); };
    document.head.append(element);
  });

  let worker = null, starting = null, turn = 0;
  const waiting = new Map();

  const bytes = text => Uint8Array.from(atob(text), one => one.charCodeAt(0));

  function begin(url) {
    worker = new Worker(url);
    worker.addEventListener("message", ({data}) => {
      const {resolve, reject} = waiting.get(data.id) ?? {};
      waiting.delete(data.id);
      if (data.error === undefined) resolve?.(data.answer);
      else reject?.(new QueryFailure(data.error));
    });
    worker.addEventListener("error", event => {
      event.preventDefault();
      stop(new QueryFailure(event.message || say("workbench.load.failed")));
    });
  }

  const tell = (message, transfer = []) => new Promise((resolve, reject) => {
    waiting.set(message.id = ++turn, {resolve, reject});
    worker.postMessage(message, transfer);
  });

  function stop(reason = new DOMException("stopped", "AbortError")) {
    worker?.terminate();
    worker = starting = null;
    for (const {reject} of waiting.values()) reject(reason);
    waiting.clear();
  }

  async function load(progress) {
    progress?.(say("workbench.loading", number(about.triples)));
    if (location.protocol === "file:") {  // a worker that is a file may not start there
      const names = Array.from({length: about.parts}, (_, one) => `graph-${one + 1}.js`);
      await Promise.all(["wasm.js", "worker-source.js", ...names].map(loaded));
      begin(URL.createObjectURL(new Blob([taken.worker[0]], {type: "text/javascript"})));
      const [wasm, graph] = [taken.wasm.map(bytes), taken.graph.map(bytes)];
      taken.wasm = taken.graph = [];
      return tell({load: {wasm, graph}}, [...wasm, ...graph].map(one => one.buffer));
    }
    begin(`${folder}worker.js`);
    return tell({load: {root: folder, parts: about.parts}});
  }

  async function fromStore(query, format, signal, progress) {
    signal?.throwIfAborted();
    const ended = () => stop();
    signal?.addEventListener("abort", ended, {once: true});
    try {
      starting ??= load(progress).catch(error => { stop(error); throw error; });
      await starting;
      progress?.(say("workbench.running"));
      return {body: String(await tell({query, format})), cut: ""};
    } finally {
      signal?.removeEventListener("abort", ended);
    }
  }

  // What comes back, as columns and rows of terms: {type, value, language, datatype}

  const UNESCAPED = {t: "\t", b: "\b", n: "\n", r: "\r", f: "\f"};
  const unescaped = text => text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, short, long, one) =>
    short || long ? String.fromCodePoint(parseInt(short ?? long, 16)) : UNESCAPED[one] ?? one);
  const TERM = /\s*(?:<([^>]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?)/y;

  function triplesOf(text) {
    const rows = [];
    for (const line of text.split("\n")) {
      TERM.lastIndex = 0;
      const row = [];
      for (let found; row.length < 3 && (found = TERM.exec(line));) {
        const [, iri, blank, value, tag, datatype] = found;
        if (iri !== undefined) row.push({type: "uri", value: unescaped(iri)});
        else if (blank !== undefined) row.push({type: "bnode", value: blank});
        else row.push({type: "literal", value: unescaped(value), language: tag ?? "", datatype: datatype ?? ""});
      }
      if (row.length === 3) rows.push(row);
    }
    return {kind: "graph", columns: ["subject", "predicate", "object"], rows};
  }

  function solutionsOf(text) {
    const {head, boolean, results} = JSON.parse(text);
    if (boolean !== undefined) return {kind: "boolean", value: boolean};
    const term = one => one && {type: one.type === "typed-literal" ? "literal" : one.type, value: one.value,
      language: one["xml:lang"] ?? "", datatype: one.datatype ?? ""};
    return {kind: "table", columns: head.vars, rows: results.bindings.map(row => head.vars.map(name => term(row[name])))};
  }

  const ask = (query, format, {signal, progress} = {}) =>
    about.endpoint ? fromServer(query, format, signal) : fromStore(query, format, signal, progress);

  async function answer(query, options) {
    const graph = isGraph(query);
    const {body, cut} = await ask(query, graph ? "nt" : "json", options);
    return {...(graph ? triplesOf(body) : solutionsOf(body)), cut};
  }

  self.transfergraphEngine = {
    about, answer, ask, folder, formOf, isGraph, language, loaded, number, QueryFailure, root, say,
    canAsk: about.endpoint || about.parts > 0,
    solutionsOf,
  };
})();
