// Prints as N-Triples what rdf-parser-csvw makes of the tables that a csvw-metadata.json describes.
//
//   node parse.mjs FOLDER BASE_IRI
//
// The parser knows no `separator` (it takes a cell as one value), so each column that has one is given
// to it as a table of its own with one row per item. It takes the metadata as RDF, which is made here
// from the JSON as the CSVW context says. Triples about tables and rows (blank nodes) are left out:
// "minimal mode" of "Generating RDF from Tabular Data on the Web".
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [folder, base] = process.argv.slice(2)
const require = createRequire(join(process.env.CSVW_PEER, 'package.json'))
const load = async name => import(pathToFileURL(require.resolve(name)))
const rdf = (await load('rdf-ext')).default
const Parser = (await import(pathToFileURL(join(process.env.CSVW_PEER, 'node_modules/rdf-parser-csvw/index.js')))).default
const { parse: parseCsv } = await import(pathToFileURL(join(process.env.CSVW_PEER, 'node_modules/csv-parse/lib/sync.js')))
const { Readable } = await import('node:stream')

const csvw = name => rdf.namedNode('http://www.w3.org/ns/csvw#' + name)
const xsd = name => rdf.namedNode('http://www.w3.org/2001/XMLSchema#' + name)
const first = rdf.namedNode('http://www.w3.org/1999/02/22-rdf-syntax-ns#first')
const rest = rdf.namedNode('http://www.w3.org/1999/02/22-rdf-syntax-ns#rest')
const nil = rdf.namedNode('http://www.w3.org/1999/02/22-rdf-syntax-ns#nil')

function metadata (schema, columns) {
  const dataset = rdf.dataset()
  const table = rdf.blankNode()
  const root = rdf.blankNode()
  const add = (s, p, o) => dataset.add(rdf.quad(s, p, o))
  add(table, csvw('tableSchema'), root)
  add(root, csvw('aboutUrl'), rdf.literal(schema.aboutUrl))
  const nodes = columns.map(column => {
    const node = rdf.blankNode()
    if (!column.virtual) add(node, csvw('title'), rdf.literal(column.titles))
    for (const key of ['name', 'propertyUrl', 'valueUrl', 'lang']) {
      if (column[key]) add(node, csvw(key), rdf.literal(column[key]))
    }
    for (const key of ['virtual', 'suppressOutput']) {
      if (column[key]) add(node, csvw(key), rdf.literal('true', xsd('boolean')))
    }
    const datatype = column.datatype ?? 'string'
    const iri = datatype['@id'] ?? xsd(datatype.base ?? datatype).value
    add(node, csvw('datatype'), rdf.namedNode(iri))
    return node
  })
  let list = nil
  for (const node of nodes.reverse()) {
    const cell = rdf.blankNode()
    add(cell, first, node)
    add(cell, rest, list)
    list = cell
  }
  add(root, csvw('column'), list)
  return dataset
}

const quote = cell => '"' + cell.replaceAll('"', '""') + '"'

async function run (text, schema, columns, out) {
  const parser = new Parser({ metadata: metadata(schema, columns), baseIRI: base, factory: rdf })
  for await (const quad of parser.import(Readable.from([text]))) {
    if (quad.subject.termType === 'NamedNode') out.push(rdf.dataset([quad]).toString())
  }
}

const group = JSON.parse(readFileSync(join(folder, 'csvw-metadata.json'), 'utf8'))
const out = []
for (const table of group.tables) {
  const schema = table.tableSchema
  const text = readFileSync(join(folder, table.url), 'utf8')
  const lists = schema.columns.filter(column => column.separator && !column.suppressOutput)
  const plain = schema.columns.map(column => column.separator ? { ...column, suppressOutput: true } : column)
  await run(text, schema, plain, out)
  const records = parseCsv(text, { columns: true })
  for (const column of lists) {
    const keys = [...schema.aboutUrl.matchAll(/\{\+?(\w+)\}/g)].map(match => match[1])
    const rows = records.flatMap(record => record[column.name].split(column.separator).filter(item => item !== '')
      .map(item => [...keys.map(key => record[key]), item].map(quote).join(',')))
    const described = [...keys.map(key => ({ name: key, titles: key, suppressOutput: true })), column]
    await run([[...keys, column.name].join(','), ...rows].join('\n') + '\n', schema, described, out)
  }
}
process.stdout.write(out.join(''))
