"""The records of an XML document as rows: a path for the records, and one for each column.

A path is the part of XPath that Python's ``xml.etree`` has, with ``@name`` as its last step for an attribute;
one that begins with ``/`` starts at the element of the document. Where a path finds several values, they
stand in the cell one below the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from xml.etree import ElementTree
from xml.parsers import expat

from transfergraph.config.raw_files import RawTable

Cell = Callable[[ElementTree.Element, ElementTree.Element], str]
"""What a column has, given the record and the element of the document."""

_PROLOGUE = 4096  # bytes that are looked at at once


class XmlFault(Exception):
    """A document that cannot be read; says why."""


class UnsafeXml(XmlFault):
    """A document that declares entities: they may name files, or become larger than any memory."""


class _ProloguePassed(Exception):
    """The element of the document begins: no entity can be declared from here on."""


def read_xml(content: bytes, tables: Mapping[str, RawTable]) -> Iterator[tuple[str, int, list[str]]]:
    """The rows of every table in a document; the document is read, or refused, before the first of them.

    Raises :class:`UnsafeXml` and :class:`XmlFault`.
    """
    _refuse_entities(content)
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise XmlFault(str(error)) from error
    return _rows(root, tables)


def _rows(root: ElementTree.Element, tables: Mapping[str, RawTable]) -> Iterator[tuple[str, int, list[str]]]:
    for name, table in tables.items():
        cells = [cell_at(path) for path in table.columns.values()]
        records = [root] if table.record == "." else root.iterfind(table.record)
        for number, record in enumerate(records, 1):
            yield name, number, [cell(record, root) for cell in cells]


def _refuse_entities(content: bytes) -> None:
    """Raise :class:`UnsafeXml` for a document that declares an entity, inside or in a file elsewhere.

    Expat reads only what comes before the element of the document: elsewhere nothing can be declared.
    """
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = _pass
    with suppress(_ProloguePassed, expat.ExpatError):
        for start in range(0, len(content), _PROLOGUE):
            parser.Parse(content[start : start + _PROLOGUE], False)


def _refuse(*_: object) -> None:
    raise UnsafeXml("entity")


def _pass(*_: object) -> None:
    raise _ProloguePassed


@cache
def cell_at(path: str) -> Cell:
    """How the values at a path are found."""
    way, _, attribute = path.rpartition("@") if "@" in path.rpartition("]")[2] else (path, "", "")
    from_root, way = way.startswith("/"), way.strip("/")
    if way in ("", ".") and attribute:
        return lambda record, root: (root if from_root else record).get(attribute, "")
    if "/" not in way and "[" not in way and not attribute:
        return _child(way, from_root)
    return lambda record, root: "\n".join(_values(root if from_root else record, way, attribute))


def _child(name: str, from_root: bool) -> Cell:
    """The text of the children of one name, which most columns are."""

    def cell(record: ElementTree.Element, root: ElementTree.Element) -> str:
        element = root if from_root else record
        found = element.findall(name)
        if len(found) == 1:
            return found[0].text or ""
        return "\n".join(one.text or "" for one in found)

    return cell


def _values(element: ElementTree.Element, way: str, attribute: str) -> Iterator[str]:
    for found in element.iterfind(way):
        value = found.get(attribute) if attribute else found.text
        if value:
            yield value
