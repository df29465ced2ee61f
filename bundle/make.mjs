// Makes the files in src/transfergraph/workbench/vendor from the packages that package-lock.json pins; see
// docs/development.md. The same packages give the same bytes.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? join(here, "..", "src", "transfergraph", "workbench", "vendor");
const packages = new Set();
mkdirSync(target, { recursive: true });

// Plot writes a style element into each chart, which a strict policy (style-src 'self') blocks; its rules stand in
// our style sheet.
const withoutStyleElements = {
  name: "without-style-elements",
  setup(builder) {
    builder.onLoad({ filter: /@observablehq[/\\]plot[/\\]src[/\\]plot\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const made = text.replace(/\n    \.call\(\(svg\) =>\n[^`]*svg\.append\("style"\)\.text\(\n\s*`[^`]*`\n\s*\)\n    \)/, "");
      if (made === text || made.includes('append("style")')) throw new Error("Plot adds its style otherwise now");
      return { contents: made, loader: "js" };
    });
  },
};

for (const [name, global] of [["editor", "transfergraphEditor"], ["charts", "transfergraphCharts"], ["oxigraph", "oxigraph"]]) {
  const made = await build({
    absWorkingDir: here,
    entryPoints: [`${name}.js`],
    bundle: true,
    charset: "utf8",
    define: { "import.meta.url": '""' },
    format: "iife",
    globalName: global,
    legalComments: "none",
    metafile: true,
    minify: true,
    outfile: join(target, `${name}.js`),
    plugins: [withoutStyleElements],
    target: "es2022",
  });
  for (const output of Object.values(made.metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const found = path.match(/^.*node_modules\/(@[^/]+\/[^/]+|[^/]+)/);
      if (found && bytesInOutput) packages.add(found[0]);
    }
  }
}
copyFileSync(join(here, "node_modules", "oxigraph", "web_bg.wasm"), join(target, "oxigraph.wasm"));

const texts = [...packages].sort().map(path => {
  const { name, version, license } = JSON.parse(readFileSync(join(here, path, "package.json"), "utf8"));
  const file = readdirSync(join(here, path)).find(one => /^licen[cs]e/i.test(one));
  const own = join(here, "licences", `${name.replace("/", "-")}.txt`);
  const text = file ? readFileSync(join(here, path, file), "utf8") : existsSync(own) ? readFileSync(own, "utf8") : "";
  if (!text) throw new Error(`${name} has no text of its licence (${license})`);
  return `${name} ${version} (${license})\n\n${text.replace(/\r\n/g, "\n").trim()}\n`;
});
writeFileSync(join(target, "LICENSES.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));

const sums = readdirSync(target).filter(one => one !== "SHA256SUMS").sort();
const digest = one => createHash("sha256").update(readFileSync(join(target, one))).digest("hex");
writeFileSync(join(target, "SHA256SUMS"), sums.map(one => `${digest(one)}  ${one}\n`).join(""));
