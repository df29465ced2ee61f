"""Solutions in the W3C formats, and as an aligned table for people.

SPARQL 1.1 Query Results JSON Format, SPARQL 1.1 Query Results CSV and TSV Formats, SPARQL Query Results
XML Format (Second Edition); all W3C Recommendations of 21 March 2013.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import unquote

from markupsafe import escape
from pyoxigraph import BlankNode, Literal, NamedNode

from transfergraph.common.formats import ResultFormat
from transfergraph.common.json_text import json_text
from transfergraph.common.namespaces import XSD
from transfergraph.common.text import column_name, is_language, nearest, xml_escaped
from transfergraph.errors import StoreError, UsageError
from transfergraph.messages import explained, text
from transfergraph.store import Row, Term

XSD_STRING = XSD + "string"
HTML_ROWS = 100
"""The rows that a notebook shows."""
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
            raise UsageError(explained("error.answer.ask", name=name))


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
    return json_text(document)


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
    head = "".join(f"    <variable name={_attribute(name)}/>\n" for name in variables)
    body = "".join(f"    <result>\n{_xml_bindings(variables, row)}    </result>\n" for row in rows)
    return _document(f"  <head>\n{head}  </head>\n  <results>\n{body}  </results>\n")


def _xml_bindings(variables: Sequence[str], row: Row) -> str:
    return "".join(
        f"      <binding name={_attribute(name)}>{_xml_term(term)}</binding>\n"
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
                kind = f" xml:lang={_attribute(literal.language)}"
            elif literal.datatype.value != XSD_STRING:
                kind = f" datatype={_attribute(literal.datatype.value)}"
            return f"<literal{kind}>{_xml_text(literal.value)}</literal>"


def _xml_text(text: str) -> str:
    """Text as XML; what XML 1.0 cannot hold at all becomes the replacement character."""
    return xml_escaped(_NOT_XML.sub("\ufffd", text)).replace("\r", "&#13;")


def _document(content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="{_NAMESPACE}">\n{content}</sparql>\n'


def _literal(term: Term) -> Literal:
    if isinstance(term, Literal):
        return term
    raise StoreError(explained("error.answer.triple"))


_NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "double", "float"))


def write_table(
    variables: Sequence[str], rows: Sequence[Sequence[Term | None]], cut: bool, language: str
) -> str:
    """Columns of equal width, numbers to the right, and a last line that counts the rows.

    Of a column that is there in several languages (``name_de``, ``name_en``) the asked one is shown, or else
    the English one or the first; an IRI whose name stands in another column is shortened to its key.
    """
    shown, keys = _shown_columns(variables, language)
    rows = [[_key(term) if i in keys else term for i, term in enumerate(row)] for row in rows]
    rows, variables = [[row[i] for i in shown] for row in rows], [variables[i] for i in shown]
    cells = [[_one_line(plain(term)) for term in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(variables, *cells, strict=True)]
    right = [_is_numeric([row[index] for row in rows]) for index in range(len(variables))]
    lines = [_line(variables, widths, right), _line(["-" * width for width in widths], widths, right)]
    lines.extend(_line(row, widths, right) for row in cells)
    lines.append(text("answer.cut" if cut else "answer.rows", language, count=len(rows)))
    return "".join(f"{line}\n" for line in lines)


def write_html(
    variables: Sequence[str], rows: Sequence[Sequence[Term | None]], cut: bool, language: str
) -> str:
    """A table of HTML with the columns of :func:`write_table`, and at most :data:`HTML_ROWS` rows.

    IRIs of the web lead there; everything else is text.
    """
    shown, keys = _shown_columns(variables, language)
    listed = rows[:HTML_ROWS]
    right = {i for i in shown if _is_numeric([row[i] for row in listed])}
    head = "".join(f"<th>{escape(variables[i])}</th>" for i in shown)
    body = "".join(
        f"<tr>{''.join(_html_cell(row[i], i in keys, i in right) for i in shown)}</tr>" for row in listed
    )
    key = "answer.cut" if cut else "answer.rows" if len(rows) == len(listed) else "answer.first"
    told = text(key, language, **({"shown": len(listed)} if key == "answer.first" else {}), count=len(rows))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"{table}<p>{escape(told)}</p>"


def _html_cell(term: Term | None, by_key: bool, right: bool) -> str:
    content: str = escape(plain(_key(term) if by_key else term))
    if isinstance(term, NamedNode) and term.value.startswith(("http://", "https://")):
        content = f'<a href="{escape(term.value)}">{content}</a>'
    return f'<td style="text-align: {"right" if right else "left"}">{content}</td>'


def _shown_columns(variables: Sequence[str], language: str) -> tuple[list[int], set[int]]:
    """The columns to show, and those of them whose entities have their name in another."""
    named = _in_languages(variables)
    chosen = {column_name(stem, nearest(language, languages)) for stem, languages in named.items()}
    others = {column_name(stem, one) for stem, languages in named.items() for one in languages} - chosen
    shown = [i for i, v in enumerate(variables) if v not in others]
    return shown, {i for i in shown if variables[i] in named}


def _in_languages(variables: Sequence[str]) -> dict[str, list[str]]:
    """The stems of variables like ``name_de`` that stand in several languages, and these languages."""
    found: dict[str, list[str]] = {}
    for name in variables:
        stem, _, language = name.rpartition("_")
        if is_language(language):
            found.setdefault(stem, []).append(language)
    return {stem: languages for stem, languages in found.items() if len(languages) > 1}


def _key(term: Term | None) -> Term | None:
    if not isinstance(term, NamedNode):
        return term
    return Literal(unquote(term.value.rstrip("/").rsplit("/", 1)[-1]))


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for cell, width, numeric in zip(cells, widths, right, strict=True):
        blank = " " * (width - _width(cell))
        padded.append(blank + cell if numeric else cell + blank)
    return "  ".join(padded).rstrip()


def _one_line(value: str) -> str:
    """The value on one line, without characters that would steer the terminal."""
    spaced = " ".join(value.split())
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in spaced)


def _width(value: str) -> int:
    """The columns that a terminal needs for it (Unicode Standard Annex 11)."""
    marks = sum(1 for c in value if unicodedata.combining(c))
    wide = sum(1 for c in value if unicodedata.east_asian_width(c) in "WF")
    return len(value) - marks + wide


def _is_numeric(terms: Sequence[Term | None]) -> bool:
    bound = [term for term in terms if term is not None]
    return bool(bound) and all(isinstance(t, Literal) and t.datatype.value in _NUMBERS for t in bound)


def _attribute(name: str) -> str:
    """A name, a language tag or an IRI between quotation marks, which none of them has."""
    return f'"{xml_escaped(name)}"'
