"""The sentence at the head of a page: what an entity is, made from what is stated of it.

The templates come from the workspace, by class or scheme. Their names are local names of properties; beside
these there are ``name``, ``kind``, ``class``, ``period``, ``money``, ``size`` and ``measured`` (a size that
begins with its measure), and counted ``uses``, ``partners`` of an undertaking and ``partnersWithParts``, 0
where its parts have no others.
"""

from __future__ import annotations

from transfergraph import messages
from transfergraph.common.namespaces import SKOS, TYPE, local_name
from transfergraph.errors import WorkspaceError
from transfergraph.messages import explained
from transfergraph.vocabulary.presentation import Presentation
from transfergraph.web import document_terms as terms
from transfergraph.web.entity_record import ValueGroup
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.phrases import Phrase, Piece, plain
from transfergraph.web.sentence_template import read_template

_MADE = ("name", "kind", "class", "period", "money", "size", "measured")
_USES = "uses"
_PARTNERS = ("partners", "partnersWithParts")


def summary_sentence(view: LocalisedView) -> Phrase:
    """What the entity is, in one sentence with links; empty where nothing is stated."""
    template = view.site.presentation.sentence(view.kinds)
    patterns = [template.in_language(view.language)] if template else []
    values = _Values(view)
    for pattern in (*patterns, messages.template("page.sentence", view.language)):
        said = read_template(pattern).said(view.language, values.phrase, values.count)
        if said is not None:
            return said if plain(said).endswith((".", "!", "?", "…")) else (*said, ".")
    return ()


def check_sentences(presentation: Presentation) -> None:
    """Raise :class:`WorkspaceError` for a template that cannot be read, or has a name that nothing has."""
    known = {local_name(iri) for _, iri, _ in presentation.properties}
    classes = {local_name(iri) for iri in presentation.classes}
    for kind, template in presentation.sentences.items():
        for language, pattern in template.by_language(template.languages).items():
            try:
                names = [*read_template(pattern).names()]
            except ValueError as error:
                raise WorkspaceError(
                    explained("error.sentence.unreadable", kind=kind, language=language, error=error)
                ) from error
            for name, counted in names:
                first, _, second = name.partition("_")
                made = name in (_USES, *_PARTNERS) if counted else name in _MADE
                if not made and not (first in known and (not second or second in (known | classes))):
                    raise WorkspaceError(
                        explained(
                            "error.sentence.place",
                            kind=kind,
                            language=language,
                            name=name,
                            known=", ".join(sorted(known | {*_MADE})),
                        )
                    )


class _Values:
    """What is known of the entity, by the names in templates."""

    def __init__(self, view: LocalisedView) -> None:
        self._view = view
        self._record = view.document.own

    def phrase(self, name: str) -> Phrase:
        view, record = self._view, self._record
        match name:
            case "name":
                return (view.name(record.iri),)
            case "kind":
                return _commas([(view.name(one),) for one in view.stated_kinds(record)])
            case "class":
                known = view.class_name(record)
                return (known,) if known else ()
            case "period":
                return view.period(record)
            case "money":
                return view.money(record)
            case "size" | "measured":
                size = view.size(record)
                return size if name == "size" or ":" in plain(size) else ()
        property_, _, class_ = name.partition("_")
        iris: list[str] = []
        others: list[Phrase] = []
        for group in record.groups:
            if local_name(group.property) == property_:
                iris.extend(one for one in record.iris(group.property) if self._is(one, class_))
                literals = record.literals(group.property)
                others.extend((view.short(group.property, one),) for one in literals if not class_)
        return view.refs(iris) if iris else _commas(others)

    def count(self, name: str) -> int:
        document = self._view.document
        if name == _USES:
            used = (one for one in document.incoming if not one.property.startswith((SKOS, TYPE)))
            broad = document.subjects(terms.BROAD_MATCH)
            return sum(group.total for group in (*used, broad))
        if name in _PARTNERS:
            direct, all_ = len(document.partners.direct), len(document.partners.with_parts)
            return direct if name == _PARTNERS[0] else all_ if all_ > direct else 0
        property_, _, further = name.partition("_")
        partners = (one for one in self._record.groups if one.property == terms.COOPERATES)
        groups = [one for one in (*document.incoming, *partners) if local_name(one.property) == property_]
        if not further:
            return sum(group.total for group in groups)
        return sum(self._distinct(group, further) for group in groups)

    def _distinct(self, group: ValueGroup, property_: str) -> int:
        """How many different things the subjects lead to; 0 when the page does not show all of them."""
        if len(group.values) != group.total:
            return 0
        records = (self._view.document.record(str(value.value)) for value in group.values)
        return len(
            {
                one
                for record in records
                for stated in record.groups
                if local_name(stated.property) == property_
                for one in record.iris(stated.property)
            }
        )

    def _is(self, iri: str, class_: str) -> bool:
        classes = self._view.site.presentation.with_ancestors(self._view.document.record(iri).classes)
        return not class_ or class_ in map(local_name, classes)


def _commas(several: list[Phrase]) -> Phrase:
    made: list[Piece] = []
    for number, one in enumerate(several):
        made.extend((", ", *one) if number else one)
    return tuple(made)
