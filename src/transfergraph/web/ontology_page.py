"""The documentation of the ontology: its terms and schemes, as a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from transfergraph.common.displayed_values import sort_key
from transfergraph.common.text import LANGUAGES, Text
from transfergraph.messages import text
from transfergraph.web import document_terms as terms
from transfergraph.web import phrases as wording
from transfergraph.web.addresses import ONTOLOGY, Site
from transfergraph.web.entity_document import EntityRecord, local_part
from transfergraph.web.ontology_terms import OBJECT_PROPERTY, Ontology, Relations, curie
from transfergraph.web.page_template import PageTemplate, licence_name, write
from transfergraph.web.phrases import Ref


@dataclass(frozen=True, slots=True)
class _Told:
    """A term as the page shows it; ``also`` is its name in the other language."""

    anchor: str
    name: str
    also: str
    curie: str
    kind: str
    definition: str
    examples: tuple[Ref, ...]
    relations: tuple[tuple[str, tuple[Ref, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Scheme:
    anchor: str
    name: str
    iri: Ref
    definition: str
    concepts: tuple[tuple[Ref, str, str, str], ...]


def render_ontology(ontology: Ontology, site: Site, language: str) -> str:
    """The documentation of the ontology in one language, each term also with its other name."""
    page = _Page(ontology, site, language)
    record = ontology.record
    title = page.text(record, (terms.DCT + "title", terms.LABEL)) or text("page.ontology", language)
    about = page.text(record, (terms.DESCRIPTION,))
    local = f"ontology/{ontology.version}" if ontology.version in ontology.versions[1:] else "ontology"
    frame = PageTemplate(site, language, title, local, summary=about, active="ontology", rdf=True)
    return write(
        "ontology.html",
        frame,
        title=title,
        about=about,
        iri=ONTOLOGY,
        namespace=terms.TG,
        version=ontology.version,
        versions=[Ref(one, frame.href(f"ontology/{one}")) for one in ontology.versions],
        licence=page.ref(record.first(terms.LICENCE)) if record.first(terms.LICENCE) else None,
        classes=page.by_name(page.told(one) for one in ontology.classes),
        properties=page.by_name(page.told(one) for one in ontology.properties),
        schemes=page.schemes(),
        reused=[(page.ref(one.iri), page.text(one, (terms.SKOS + "scopeNote",))) for one in ontology.reused],
    )


class _Page:
    def __init__(self, ontology: Ontology, site: Site, language: str) -> None:
        self._ontology = ontology
        self._site = site
        self._language = language
        self._other = next(one for one in LANGUAGES if one != language)

    def by_name(self, told: Iterable[_Told]) -> list[_Told]:
        return sorted(told, key=lambda one: (sort_key(Text.same(one.name)), one.curie))

    def told(self, term: Relations) -> _Told:
        record = term.record
        is_class = terms.OWL + "Class" in record.iris(terms.TYPE)
        wider = "ontology.subclass" if is_class else "ontology.subproperty"
        related = (
            (wider, term.wider),
            ("ontology.narrower", term.narrower),
            ("ontology.domain", term.domains),
            ("ontology.range", term.ranges),
            ("ontology.class-properties", term.properties),
            ("ontology.disjoint", term.disjoint),
            ("ontology.aligned", term.aligned),
        )
        kind = ""
        if not is_class:
            linking = OBJECT_PROPERTY in record.iris(terms.TYPE)
            kind = text("ontology.kind.object" if linking else "ontology.kind.value", self._language)
        return _Told(
            local_part(record.iri),
            self._name(record),
            record.label.in_language(self._other),
            curie(record.iri),
            kind,
            self.text(record, (terms.DEFINITION,)),
            self._examples(record),
            tuple((text(key, self._language), tuple(map(self.ref, iris))) for key, iris in related if iris),
        )

    def schemes(self) -> list[_Scheme]:
        found = []
        for scheme in self._ontology.schemes:
            name = scheme.record.iri.removeprefix(terms.SCHEMES)
            concepts = tuple(
                (
                    self.ref(one.iri),
                    one.label.in_language(self._other),
                    self.text(one, (terms.DEFINITION,)),
                    one.first(terms.SKOS + "notation"),
                )
                for one in sorted(scheme.concepts, key=lambda one: (sort_key(one.label), one.iri))
            )
            found.append(
                _Scheme(
                    f"scheme-{name}",
                    self._name(scheme.record),
                    self.ref(scheme.record.iri),
                    self.text(scheme.record, (terms.DEFINITION,)),
                    concepts,
                )
            )
        return sorted(found, key=lambda one: (sort_key(Text.same(one.name)), one.anchor))

    def ref(self, iri: str) -> Ref:
        """A term of ours by its name, leading to its place; another's by its short form."""
        link = self._site.link(iri, self._language)
        record = self._ontology.records.get(iri)
        if iri.startswith(f"{ONTOLOGY}#"):
            name = self._name(record) if record is not None else curie(iri)
            return Ref(name, f"#{local_part(iri)}")
        if record is not None and record.has_name:
            return Ref(self._name(record), link.target if link else "")
        shown = curie(iri)
        shown = licence_name(iri) if shown == iri else shown
        return Ref(shown, link.target if link else "", link.external if link else False)

    def text(self, record: EntityRecord, properties: Iterable[str]) -> str:
        """The first text in the language of the page, or in any."""
        for property_ in properties:
            literals = record.literals(property_)
            for one in (*(x for x in literals if x.language == self._language), *literals):
                return wording.cut(one.value, wording.TEXT_LENGTH)
        return ""

    def _name(self, record: EntityRecord) -> str:
        return wording.cut(record.label.in_language(self._language), wording.NAME_LENGTH)

    def _examples(self, record: EntityRecord) -> tuple[Ref, ...]:
        literals = record.literals(terms.SKOS + "example")
        kept = [one for one in literals if one.language in (self._language, None)] or list(literals)
        shown = (wording.cut(one.value, wording.TEXT_LENGTH) for one in kept)
        return tuple(Ref(one, web) if (web := self._address(one)) else Ref(one) for one in shown)

    def _address(self, example: str) -> str:
        link = self._site.link(example, self._language) if " " not in example else None
        return link.target if link else ""
