// Asks a query of sources with Comunica and writes the solutions as JSON, one object for each.
// Usage: node comunica.mjs QUERY SOURCE...
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [, , query, ...sources] = process.argv;
const installed = createRequire(pathToFileURL(`${process.env.PEERS}/`));
const { QueryEngine } = installed("@comunica/query-sparql");
const bindings = await new QueryEngine().queryBindings(query, { sources });
const rows = [];
for await (const binding of bindings) {
  rows.push(Object.fromEntries([...binding].map(([variable, term]) => [variable.value, term.value])));
}
process.stdout.write(JSON.stringify(rows));
