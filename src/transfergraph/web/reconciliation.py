"""The Reconciliation Service API 0.2 (W3C Entity Reconciliation Community Group) over the names of a release.

Programs such as OpenRefine send names of a table, and get entities with how well they fit; they ask for
suggestions
while somebody types, for a preview, and for values of what was matched. Entities are called by their path
below the
start page (``organisation/htw-dresden``), types by the key of their list (``organisations``), properties by
their IRI.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from typing import Any

import msgspec
from pyoxigraph import Literal, NamedNode

from transfergraph.common.iris import iri_fault
from transfergraph.common.namespaces import XSD
from transfergraph.errors import UsageError
from transfergraph.identity.legal_forms import without_form
from transfergraph.messages import explained
from transfergraph.search.find import SearchHit, SearchIndex
from transfergraph.search.folding import LONGEST, fold
from transfergraph.store import Store, Term
from transfergraph.web.addresses import Site
from transfergraph.web.document_terms import DESCRIPTION, NAMES

RECONCILE = "reconcile"
VERSIONS = ("0.2",)
MOST_QUERIES = 100
"""Of one batch, and entities of one request for values."""

_MOST = 25  # candidates of a query
_USUAL = 5
_SUGGESTED = 10
_CANDIDATES = 50  # that are looked through for those of a type
_WIDTH, _HEIGHT = 400, 160
_ALL = 100.0  # the score of a name that is the same
_BY_PROPERTY = 10.0
_WHOLE_NUMBERS = (XSD + "integer", XSD + "gYear")
_DATES = (XSD + "date", XSD + "dateTime")


class PropertyValue(msgspec.Struct):
    """What a row has of a property beside its name."""

    pid: str
    v: Any


class EntityQuery(msgspec.Struct):
    """One query of a batch."""

    query: str
    type: str | list[str] | None = None
    limit: int | None = None
    properties: list[PropertyValue] = msgspec.field(default_factory=list)
    type_strict: str | None = None


class ExtendedProperty(msgspec.Struct):
    """A property whose values are asked for."""

    id: str
    settings: dict[str, Any] | None = None


class DataExtension(msgspec.Struct):
    """A request for values of entities."""

    ids: list[str]
    properties: list[ExtendedProperty]


@dataclass(frozen=True, slots=True)
class ReconciliationService:
    """The service of one release, in a language of its content."""

    site: Site
    store: Store
    index: SearchIndex
    language: str

    def manifest(self) -> dict[str, Any]:
        """What the service is, and where its parts are."""
        address = self.site.address(RECONCILE)

        def part(path: str) -> dict[str, str]:
            return {"service_url": address, "service_path": path}

        return {
            "versions": list(VERSIONS),
            "name": self.site.title.in_language(self.language),
            "identifierSpace": self.site.base,
            "schemaSpace": self.site.base,
            "defaultTypes": self.types(),
            "view": {"url": f"{self.site.url}{{{{id}}}}"},
            "preview": {"url": f"{address}/preview?id={{{{id}}}}", "width": _WIDTH, "height": _HEIGHT},
            "suggest": {name: part(f"/suggest/{name}") for name in ("entity", "property", "type")},
            "extend": {"propose_properties": part("/properties"), "property_settings": []},
        }

    def types(self, prefix: str = "") -> list[dict[str, str]]:
        """The types whose names begin so, in the order of their lists."""
        lists = self.site.presentation.lists
        found = [{"id": one.key, "name": one.label.in_language(self.language)} for one in self._kinds()]
        return sorted(
            (one for one in found if fold(one["name"]).startswith(fold(prefix))),
            key=lambda one: list(lists).index(one["id"]),
        )

    def _kinds(self) -> list[Any]:
        return [one for one in self.index.kinds if one.key in self.site.presentation.lists]

    def properties(self, type_key: str = "", prefix: str = "") -> list[dict[str, str]]:
        """The properties of what has the type, or of anything, whose names have words that begin so."""
        shown = self.site.presentation
        if type_key and type_key not in shown.tables:
            return []
        kinds = [shown.tables[type_key].kind] if type_key else [one.kind for one in shown.lists.values()]
        classes = [shown.classes[one] for one in kinds if one in shown.classes]
        named = {one.iri: one.label.in_language(self.language) for kind in classes for one in kind.properties}
        asked = fold(prefix)
        return [{"id": iri, "name": name} for iri, name in named.items() if f" {asked}" in f" {fold(name)}"]

    def suggestions(self, prefix: str, cursor: int = 0) -> list[dict[str, Any]]:
        """The entities whose names begin so, from that number on."""
        hits = self._hits(prefix, cursor + _SUGGESTED)[cursor:]
        return [
            {**self._entity(hit), "notable": [one["name"] for one in self._types_of(hit)]} for hit in hits
        ]

    def answers(self, text: str) -> dict[str, Any]:
        """The candidates of each query of a batch, in JSON; raises :class:`UsageError` for what is none."""
        queries = _decoded(text, dict[str, EntityQuery], "queries")
        if len(queries) > MOST_QUERIES:
            raise UsageError(explained("problem.reconcile.many", most=MOST_QUERIES))
        return {key: {"result": self._candidates(one)} for key, one in queries.items()}

    def _candidates(self, asked: EntityQuery) -> list[dict[str, Any]]:
        types = [asked.type] if isinstance(asked.type, str) else asked.type or []
        known = [one for one in types if one]
        hits = self._hits(asked.query, _CANDIDATES)
        fitting = [hit for hit in hits if not known or hit.kind.key in known]
        scores = [self._score(asked, hit) for hit in fitting]
        limit = max(1, min(asked.limit or _USUAL, _MOST))
        ranked = sorted(zip(scores, fitting, strict=True), key=lambda one: -one[0])[:limit]
        sure = [score for score, _ in ranked if score >= _ALL]
        return [
            {
                **self._entity(hit),
                "type": self._types_of(hit),
                "score": round(score, 1),
                "match": score >= _ALL and len(sure) == 1,
            }
            for score, hit in ranked
        ]

    def _hits(self, text: str, limit: int) -> Sequence[SearchHit]:
        """What is found by the text, or else by it without its legal form."""
        asked = " ".join(text.split())[:LONGEST]
        for one in dict.fromkeys((asked, " ".join(without_form(asked).split()))):
            if hits := self.index.search(one, limit, self.language).hits:
                return [hit for hit in hits if self.site.local(hit.iri)]
        return ()

    def _score(self, asked: EntityQuery, hit: SearchHit) -> float:
        """100 for a name that is the same, less for one that is like it; values of properties speak for and
        against."""
        folded = fold(without_form(asked.query)) or fold(asked.query)
        names = [fold(without_form(one)) or fold(one) for one in (hit.name, hit.as_name) if one]
        score = max(_ALL if one == folded else _likeness(folded, one) for one in names)
        for one in asked.properties:
            score += _BY_PROPERTY if self._has_value(hit.iri, one) else -_BY_PROPERTY
        return max(0.0, min(_ALL, score))

    def _has_value(self, iri: str, asked: PropertyValue) -> bool:
        wanted = asked.v if isinstance(asked.v, list) else [asked.v]
        known = {fold(text) for values in self._values([iri], [asked.pid]) for text in _texts(values[2:])}
        return any(fold(_said(one)) in known for one in wanted)

    def _entity(self, hit: SearchHit) -> dict[str, Any]:
        told: dict[str, Any] = {"id": self.site.local(hit.iri), "name": hit.name}
        if hit.as_name and hit.as_name != hit.name:
            told["description"] = hit.as_name
        return told

    def _types_of(self, hit: SearchHit) -> list[dict[str, str]]:
        key = hit.kind.key
        if key not in self.site.presentation.lists:
            return []
        return [{"id": key, "name": hit.kind.label.in_language(self.language)}]

    def extension(self, text: str) -> dict[str, Any]:
        """The values that are asked for, in JSON; raises :class:`UsageError` for what is no such request."""
        asked = _decoded(text, DataExtension, "extend")
        if len(asked.ids) > MOST_QUERIES or len(asked.properties) > MOST_QUERIES:
            raise UsageError(explained("problem.reconcile.many", most=MOST_QUERIES))
        names = {one["id"]: one["name"] for one in self.properties()}
        wanted = [one.id for one in asked.properties]
        iris = {self.site.iri(one): one for one in asked.ids}
        rows: dict[str, dict[str, list[Any]]] = {one: {iri: [] for iri in wanted} for one in asked.ids}
        for subject, property_, value, name in self._values(list(iris), wanted):
            rows[iris[subject]][property_].append(self._cell(value, name))
        meta = [{"id": one, "name": names.get(one, one)} for one in wanted]
        return {"meta": meta, "rows": rows}

    def _values(self, iris: Sequence[str], properties: Sequence[str]) -> Iterator[tuple[str, str, Term, str]]:
        """The values of properties, each with the name of what it leads to, in the language or in any."""
        sound = [[one for one in several if iri_fault(one) is None] for several in (iris, properties)]
        if not all(sound):
            return
        subjects, asked = (" ".join(f"<{one}>" for one in several) for several in sound)
        named = "|".join(f"<{one}>" for one in NAMES)
        solutions = self.store.select(
            f"SELECT DISTINCT ?s ?p ?o ?n WHERE {{ VALUES ?s {{ {subjects} }} VALUES ?p {{ {asked} }} "
            f"?s ?p ?o . OPTIONAL {{ ?o {named} ?n }} }} ORDER BY ?s ?p ?o ?n"
        )
        seen: dict[tuple[str, str, str], tuple[Term, list[Literal]]] = {}
        for s, p, o, n in solutions.rows:
            if isinstance(s, NamedNode) and isinstance(p, NamedNode) and o is not None:
                _, names = seen.setdefault((s.value, p.value, str(o)), (o, []))
                names += [n] if isinstance(n, Literal) else []
        for (subject, property_, _), (value, names) in seen.items():
            if self._is_shown(value):
                own = [one.value for one in names if one.language in (self.language, None)]
                yield subject, property_, value, next(iter(own or [one.value for one in names]), "")

    def _is_shown(self, value: Term) -> bool:
        """Texts in other languages are left out."""
        return not isinstance(value, Literal) or value.language in (None, self.language)

    def _cell(self, value: Term, name: str) -> dict[str, Any]:
        if isinstance(value, Literal):
            return _literal(value)
        iri = str(value.value)
        local = self.site.local(iri)
        return {"id": local, "name": name} if local and name else {"str": name or iri}

    def preview(self, local: str) -> str:
        """A small page about an entity; raises :class:`UsageError` where there is none."""
        iri = self.site.iri(local)
        names = [value.value for *_, value, _ in self._values([iri], NAMES) if isinstance(value, Literal)]
        if not names:
            raise UsageError(explained("problem.reconcile.unknown", id=local))
        stated = self._values([iri], [DESCRIPTION])
        about = [value.value for *_, value, _ in stated if isinstance(value, Literal)]
        text = "".join(f"<p>{escape(one)}</p>" for one in about[:1])
        return (
            f'<!doctype html><html lang="{self.language}"><meta charset="utf-8">'
            f"<title>{escape(names[0])}</title><h1>{escape(names[0])}</h1>{text}</html>\n"
        )


def _likeness(one: str, other: str) -> float:
    return 99 * SequenceMatcher(None, one, other, autojunk=False).ratio()


def _texts(values: Sequence[Any]) -> Iterator[str]:
    term, name = values
    yield str(term.value)
    if name:
        yield name


def _said(value: Any) -> str:
    """The text of a value of a query, which may be an entity that was matched before."""
    return str(value.get("name", value.get("id", ""))) if isinstance(value, dict) else str(value)


def _literal(value: Literal) -> dict[str, Any]:
    kind = value.datatype.value
    if kind in _DATES:
        return {"date": value.value}
    try:
        if kind in _WHOLE_NUMBERS:
            return {"int": int(value.value)}
        if kind == XSD + "decimal":
            return {"float": float(value.value)}
    except ValueError:
        pass
    return {"str": value.value}


def _decoded(text: str, kind: Any, name: str) -> Any:
    try:
        return msgspec.json.decode(text.encode(), type=kind)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise UsageError(explained("problem.reconcile.not-json", name=name, error=error)) from error
