"""A document in one language: names with their links, kinds, dates, amounts and sizes."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode

from transfergraph.common.displayed_values import sort_key
from transfergraph.messages import Value, has_text, text
from transfergraph.store import Term
from transfergraph.vocabulary.presentation import Role
from transfergraph.web import document_terms as terms
from transfergraph.web import phrases
from transfergraph.web.addresses import Site
from transfergraph.web.entity_document import Document
from transfergraph.web.entity_record import EntityRecord, ValueGroup, local_part
from transfergraph.web.phrases import NAME_LENGTH, Phrase, Piece, Ref, cut, plain

_LEADING = ("coordinator", "lead", "manager", "host")
_DATED = frozenset({terms.START, terms.END, terms.AS_OF, terms.RETRIEVED})


class LocalisedView:
    """A document and the language in which it is shown."""

    def __init__(self, document: Document, site: Site, language: str) -> None:
        self.document = document
        self.site = site
        self.presentation = site.presentation
        self.language = language
        self._names: dict[str, Ref] = {}
        self._refs: dict[str, Ref] = {}
        self._keys: dict[str, tuple[str, str]] = {}
        self._roles: dict[str, Role | None] = {}

    def text(self, key: str, /, **values: Value) -> str:
        """A text of the catalogue."""
        return text(key, self.language, **values)

    def phrase(self, key: str, /, **fills: Phrase) -> Phrase:
        """A text of the catalogue with phrases in its places."""
        return phrases.phrase(key, self.language, fills)

    def name(self, iri: str) -> Ref:
        """The name of a thing, with its language where it is not the page's, leading nowhere."""
        known = self._names.get(iri)
        if known is None:
            record = self.document.record(iri)
            known = (
                Ref(self._label(record), language=self._foreign(record))
                if record.has_name
                else (Ref(cut(self._made_name(record), NAME_LENGTH)))
            )
            self._names[iri] = known
        return known

    def ref(self, iri: str) -> Ref:
        """The name of a thing as a link to it."""
        known = self._refs.get(iri)
        if known is None:
            known = self._refs[iri] = self._link(iri)
        return known

    def _link(self, iri: str) -> Ref:
        name = self.name(iri)
        link = self.site.link(iri, self.language)
        if not link.target:
            return name
        shown = name.text if self.document.record(iri).has_name or not link.external else phrases.address(iri)
        return Ref(shown, link.target, link.external, name.language)

    def refs(self, iris: Iterable[str]) -> Phrase:
        """The names as links, in the order of the alphabet: A, B and C."""
        return self.refs_of(map(self.ref, iris))

    def refs_of(self, refs: Iterable[Ref]) -> Phrase:
        """Links in the order of the alphabet: A, B and C."""
        return phrases.joined([(ref,) for ref in self.sorted(refs)], self.language)

    def sorted(self, refs: Iterable[Ref]) -> list[Ref]:
        """By name, as a reader of either language expects."""
        return sorted(refs, key=lambda ref: (self.order((ref,)), ref.href))

    def sorted_iris(self, iris: Iterable[str]) -> list[str]:
        """By name."""
        return sorted(iris, key=lambda iri: (self.order((self.name(iri),)), iri))

    def order(self, phrase: Phrase) -> tuple[str, str]:
        """Sorts phrases as a reader of either language expects."""
        words = plain(phrase)
        known = self._keys.get(words)
        if known is None:
            known = self._keys[words] = (sort_key(words), words)
        return known

    @property
    def kinds(self) -> tuple[str, ...]:
        """The schemes that the entity is in, and its classes, the most special first."""
        record = self.document.own
        return (*record.iris(terms.IN_SCHEME), *self.classes(record))

    def classes(self, record: EntityRecord) -> tuple[str, ...]:
        """The classes of a thing, the most special first."""
        return tuple(sorted(record.classes, key=self.presentation.class_order))

    def groups(self, record: EntityRecord) -> list[ValueGroup]:
        """What is stated of a thing, in the order of the workspace."""
        return sorted(record.groups, key=lambda one: self.presentation.property_order(one.property))

    def property(self, iri: str) -> str:
        """What a property of the entity is called."""
        known = self.presentation.property(iri, self.document.classes)
        label = known.label.in_language(self.language) if known else self._label(self.document.record(iri))
        return phrases.capital(label)

    def group_name(self, iri: str) -> str:
        """What the group of a property of the entity is called; empty for one without a name."""
        known = self.presentation.property(iri, self.document.classes)
        name = self.presentation.groups.get(known.group) if known else None
        return name.in_language(self.language) if name else ""

    def pointing(self, iri: str) -> str:
        """What all is called that points at the entity with a property."""
        known = self.presentation.property(iri, self.document.classes, inverse=True)
        if known is not None:
            return known.label.in_language(self.language)
        return self.text("page.incoming", property=self.property(iri))

    def class_name(self, record: EntityRecord) -> str:
        """What the most special class of a thing is called; empty for one without a known class."""
        for one in self.classes(record):
            if one in self.presentation.classes:
                return self.presentation.classes[one].label.in_language(self.language)
            if self.document.record(one).has_name:
                return self.name(one).text
        return ""

    def role(self, iri: str) -> Role | None:
        """The role of anything mentioned, by its classes, or by its IRI where these were not read."""
        if iri not in self._roles:
            classes = self.document.record(iri).classes
            if not classes:
                table = self.presentation.table_at(iri.removeprefix(self.site.base))
                classes = (table.kind,) if table else ()
            self._roles[iri] = self.presentation.role(classes)
        return self._roles[iri]

    def list_title(self, kinds: Iterable[str]) -> str:
        """What the list is called that holds what has one of these classes; empty where there is none."""
        table = self.presentation.table_of(kinds)
        return table.title.in_language(self.language) if table else ""

    def listed_in(self, record: EntityRecord) -> str:
        """What the list is called that holds a thing, by its class or else by its IRI."""
        table = self.presentation.table_at(record.iri.removeprefix(self.document.base))
        return self.list_title(record.classes or ([table.kind] if table else []))

    def stated_kinds(self, record: EntityRecord) -> tuple[str, ...]:
        """The concepts that say of what kind a thing is."""
        return (*record.iris(terms.CLASSIFICATION), *record.iris(terms.KIND))

    def kind(self, record: EntityRecord) -> str:
        """The kind of a thing by its scheme, or else its class."""
        kinds = self.stated_kinds(record)
        return ", ".join(self.name(one).text for one in kinds) or self.class_name(record)

    def period(self, record: EntityRecord) -> Phrase:
        """From when to when; empty when neither is stated."""
        return phrases.period(record.first(terms.START), record.first(terms.END), self.language)

    def money(self, record: EntityRecord) -> Phrase:
        """The amount with its qualifier and currency; empty when there is none."""
        shown = self.amount(record)
        if not shown:
            return ()
        qualifier = record.first(terms.QUALIFIER)
        if not qualifier or local_part(qualifier) == "exactly":
            return (shown,)
        return (f"{self.qualifier(qualifier)} {shown}",)

    def amount(self, record: EntityRecord) -> str:
        """The amount with its currency; empty when there is none."""
        amount, currency = record.first(terms.AMOUNT), record.first(terms.CURRENCY)
        if not amount:
            return ""
        value = phrases.number(amount, self.language)
        code = local_part(currency) if currency else ""
        return self.text("page.money", value=value, currency=code).strip()

    def qualifier(self, iri: str) -> str:
        """How a number is to be read: at least, about."""
        key = f"page.qualifier.{local_part(iri)}"
        return self.text(key) if has_text(key) else self.name(iri).text

    def size(self, record: EntityRecord) -> Phrase:
        """A statement of size, "at least 40 partners, as of 12 March 2025"; empty where it says neither a
        number nor an amount."""
        measure, qualifier, as_of = (
            record.first(one) for one in (terms.MEASURE, terms.QUALIFIER, terms.AS_OF)
        )
        counted = record.first(terms.VALUE)
        value = phrases.number(counted, self.language) if counted else self.amount(record)
        if not value:
            return ()
        if not (measure and qualifier):
            size: Phrase = (value,)
        else:
            key = f"page.size.{local_part(measure)}"
            size = self.phrase(
                key if has_text(key) else "page.size",
                measure=(self.name(measure),),
                qualifier=(self.qualifier(qualifier),),
                value=(value,),
            )
        if not as_of:
            return size
        return (*size, *self.phrase("page.size.as-of", date=(phrases.moment(as_of, self.language),)))

    def as_of(self, record: EntityRecord) -> Phrase:
        """When a source says that it was so; empty where it gives no date."""
        date = record.first(terms.AS_OF)
        return self.phrase("page.money.as-of", date=(phrases.moment(date, self.language),)) if date else ()

    def value(self, property_: str, value: Term) -> Phrase:
        """A value of a property, as text or as a link."""
        if isinstance(value, NamedNode):
            return (self.ref(value.value),)
        if not isinstance(value, Literal):
            return ()
        return (self._literal(property_, value),)

    def short(self, property_: str, literal: Literal) -> Piece:
        """A value within a sentence."""
        shown = self._literal(property_, literal)
        return cut(shown.text, NAME_LENGTH) if isinstance(shown, Ref) else shown

    def texts(self, record: EntityRecord, property_: str) -> tuple[Ref, ...]:
        """The texts of a property in the page's language, or in another where there are none."""
        literals = record.literals(property_)
        for languages in ((self.language,), (None, ""), *((one,) for one in self.site.languages)):
            if found := [one for one in literals if one.language in languages]:
                return tuple(phrases.literal_text(one, self.language) for one in found)
        return tuple(phrases.literal_text(one, self.language) for one in literals)

    def rank(self, record: EntityRecord) -> int:
        """0 for a participation that leads, 1 for all others."""
        return 0 if any(local_part(role) in _LEADING for role in record.iris(terms.ROLE)) else 1

    def _literal(self, property_: str, literal: Literal) -> Piece:
        if property_ in _DATED:
            return phrases.moment(literal.value, self.language)
        if property_ in (terms.LAT, terms.LONG):
            return phrases.literal_text(literal, self.language)
        return phrases.literal(literal, self.language)

    def _foreign(self, record: EntityRecord) -> str:
        """The language of a name that is there in another language only."""
        literals = next((found for name in terms.NAMES if (found := record.literals(name))), ())
        languages = [literal.language or "" for literal in literals]
        if self.language in languages or "" in languages:
            return ""
        return next(iter(languages), "")

    def _label(self, record: EntityRecord) -> str:
        return cut(record.label.in_language(self.language), NAME_LENGTH)

    def _made_name(self, record: EntityRecord) -> str:
        """A name for what has none: participations, grants and statements of size."""

        def of(property_: str) -> str:
            first = record.first(property_)
            return self._label(self.document.record(first)) if first else ""

        if participant := of(terms.PARTICIPANT):
            undertaking = of(terms.PARTICIPATES_IN)
            return self.text("page.name.participation", participant=participant, undertaking=undertaking)
        if undertaking := of(terms.FUNDS):
            if number := record.first(terms.GRANT_NUMBER):
                return self.text("page.name.funding.number", number=number, undertaking=undertaking)
            return self.text("page.name.funding", undertaking=undertaking)
        if measure := of(terms.MEASURE):
            return self.text("page.name.statement", measure=measure, about=of(terms.ABOUT))
        return self._sort_of(record.iri)

    def _sort_of(self, iri: str) -> str:
        """What a class or a property is called, or else what a thing is that has no name."""
        shown = self.presentation
        known = shown.classes.get(iri) or shown.property(iri)
        if known is not None:
            return known.label.in_language(self.language)
        if iri.startswith(terms.SCHEMES):  # a term that was taken out of its list
            return self.text("page.name.former-term")
        kind = shown.kind_at(iri.removeprefix(self.site.base))
        return kind.label.in_language(self.language) if kind is not None else local_part(iri)
