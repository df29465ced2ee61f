"""Solutions in the W3C formats.

SPARQL 1.1 Query Results JSON Format, SPARQL 1.1 Query Results CSV and TSV Formats, SPARQL Query Results
XML Format (Second Edition); all W3C Recommendations of 21 March 2013.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import BlankNode, Literal, NamedNode

from transfergraph.common.formats import ResultFormat
from transfergraph.common.namespaces import XSD
from transfergraph.errors import StoreError, UsageError
from transfergraph.store import Row, Term

XSD_STRING = XSD + "string"
_NAMESPACE = "http://www.w3.org/2005/sparql-results#"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_rows(format_: ResultFormat, variables: Sequence[str], rows: Sequence[Row]) -> str:
    """The solutions in one of the four formats."""
    match format_.name:
        case "csv":
            return _csv(variables, rows)
        case "tsv":
            return _tsv(variables, rows)
        case "json":
            return _json(variables, rows)
        case _:
            return _xml(variables, rows)


def write_truth(format_: ResultFormat, value: bool) -> str:
    """The answer to an ASK query in JSON or XML; CSV and TSV have no form for it (their section 2)."""
    word = "true" if value else "false"
    match format_.name:
        case "json":
            return f'{{"head": {{}}, "boolean": {word}}}\n'
        case "xml":
            return _document(f"  <head/>\n  <boolean>{word}</boolean>\n")
        case name:
            raise UsageError(f"The answer to an ASK query has no form in {name}; take json, xml or table.")


def plain(term: Term | None) -> str:
    """The term without its kind, as CSV has it: IRI, lexical form, or ``_:`` and label; "" when unbound."""
    match term:
        case None:
            return ""
        case NamedNode():
            return term.value
        case BlankNode():
            return f"_:{term.value}"
        case _:
            return _literal(term).value


def _csv(variables: Sequence[str], rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(variables)
    for row in rows:
        writer.writerow([plain(term) for term in row])
    return text.getvalue()


def _tsv(variables: Sequence[str], rows: Sequence[Row]) -> str:
    lines = ["\t".join(f"?{name}" for name in variables)]
    lines.extend("\t".join("" if term is None else str(term) for term in row) for row in rows)
    return "".join(f"{line}\n" for line in lines)


def _json(variables: Sequence[str], rows: Sequence[Row]) -> str:
    bindings = [
        {name: _json_term(term) for name, term in zip(variables, row, strict=True) if term is not None}
        for row in rows
    ]
    document = {"head": {"vars": list(variables)}, "results": {"bindings": bindings}}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _json_term(term: Term) -> dict[str, str]:
    match term:
        case NamedNode():
            return {"type": "uri", "value": term.value}
        case BlankNode():
            return {"type": "bnode", "value": term.value}
        case _:
            literal = _literal(term)
            written = {"type": "literal", "value": literal.value}
            if literal.language is not None:
                written["xml:lang"] = literal.language
            elif literal.datatype.value != XSD_STRING:
                written["datatype"] = literal.datatype.value
            return written


def _xml(variables: Sequence[str], rows: Sequence[Row]) -> str:
    head = "".join(f"    <variable name={quoteattr(name)}/>\n" for name in variables)
    body = "".join(f"    <result>\n{_xml_bindings(variables, row)}    </result>\n" for row in rows)
    return _document(f"  <head>\n{head}  </head>\n  <results>\n{body}  </results>\n")


def _xml_bindings(variables: Sequence[str], row: Row) -> str:
    return "".join(
        f"      <binding name={quoteattr(name)}>{_xml_term(term)}</binding>\n"
        for name, term in zip(variables, row, strict=True)
        if term is not None
    )


def _xml_term(term: Term) -> str:
    match term:
        case NamedNode():
            return f"<uri>{_xml_text(term.value)}</uri>"
        case BlankNode():
            return f"<bnode>{_xml_text(term.value)}</bnode>"
        case _:
            literal = _literal(term)
            kind = ""
            if literal.language is not None:
                kind = f" xml:lang={quoteattr(literal.language)}"
            elif literal.datatype.value != XSD_STRING:
                kind = f" datatype={quoteattr(literal.datatype.value)}"
            return f"<literal{kind}>{_xml_text(literal.value)}</literal>"


def _xml_text(text: str) -> str:
    """Text as XML; what XML 1.0 cannot hold at all becomes the replacement character."""
    return escape(_NOT_XML.sub("\ufffd", text), {"\r": "&#13;"})


def _document(content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="{_NAMESPACE}">\n{content}</sparql>\n'


def _literal(term: Term) -> Literal:
    if isinstance(term, Literal):
        return term
    raise StoreError("The answer holds a triple as a value (RDF 1.2), which has no place in these formats.")
