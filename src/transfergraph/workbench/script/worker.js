"use strict";
/* The store of a page without a server: Oxigraph (WASM) with the dump of the release. It answers queries and nothing
   else; an update is no query, and nothing is asked of the network. Messages: {load: {wasm, graph}} with compressed
   bytes, or {load: {root, parts}} with the folder in which the scripts with these lie; {id, query, format}. */
(() => {
  const parts = {wasm: [], graph: []};
  let store = null;

  const bytes = text => Uint8Array.from(atob(text), one => one.charCodeAt(0));
  const unpacked = async several =>
    new Uint8Array(await new Response(new Blob(several).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());

  self.transfergraphTake = (kind, number, content) => { parts[kind][number - 1] = bytes(content); };

  async function load({wasm, graph, root, parts: count}) {
    if (root) {
      importScripts(`${root}wasm.js`, ...Array.from({length: count}, (_, number) => `${root}graph-${number + 1}.js`));
    } else Object.assign(parts, {wasm, graph});
    await oxigraph.start({module_or_path: await unpacked(parts.wasm)});
    store = new oxigraph.Store();
    store.load(await unpacked(parts.graph), {format: "nq"});
    parts.wasm = parts.graph = [];
    return {size: store.size};
  }

  self.addEventListener("message", async ({data}) => {
    try {
      if (data.load) self.postMessage({id: data.id, answer: await load(data.load)});
      else {
        const answer = store.query(data.query, {use_default_graph_as_union: true, results_format: data.format});
        self.postMessage({id: data.id, answer});
      }
    } catch (error) {
      self.postMessage({id: data.id, error: String(error.message ?? error)});
    }
  });
})();
