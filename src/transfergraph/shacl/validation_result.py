"""A validation result as a value (SHACL section 3.6.2), and the messages of shapes that bring none."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from transfergraph.common.property_paths import Path, path_text
from transfergraph.common.text import Text
from transfergraph.findings import Severity
from transfergraph.shacl import shape_model as sh
from transfergraph.store import Term


@dataclass(frozen=True, slots=True)
class Result:
    """One way in which a focus node breaks a constraint.

    ``shape`` is the source shape and ``constraint``, for ``sh:sparql`` alone, the source constraint.
    ``against`` is what SHACL has no property for: of ``sh:uniqueLang`` the language tag used more than
    once, of ``sh:lessThan`` and ``sh:lessThanOrEquals`` the value that should be greater. Results of
    pySHACL leave it None. ``messages`` are the shape's own, or ours in German and English.
    """

    focus: Term
    path: Path | None
    value: Term | None
    shape: Term
    constraint: Term | None
    component: NamedNode
    severity: NamedNode
    messages: tuple[Literal, ...]
    against: Term | None = None

    @property
    def path_text(self) -> str | None:
        """The path as a SPARQL property path."""
        return None if self.path is None else path_text(self.path)

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two results the same whichever engine found them: all but messages and ``against``."""
        return (
            *(self.focus, self.path, self.value, self.shape, self.constraint),
            *(self.component, self.severity),
        )

    @property
    def grade(self) -> Severity:
        """The severity as one of SHACL's three; one that is not among them counts as a violation."""
        known = {severity.value: severity for severity in Severity}
        return known.get(self.severity.value, Severity.VIOLATION)

    @property
    def text(self) -> Text:
        """The message in both languages; a language that the shape lacks is filled from another."""
        return Text(self._message("de", "en"), self._message("en", "de"))

    def sort_key(self) -> tuple[str, ...]:
        """By focus node, then by everything else, so that the order never varies."""
        parts = (self.focus, self.path_text, self.shape, self.component, self.value, self.against)
        rest = (self.constraint, self.severity, " ".join(str(message) for message in self.messages))
        return tuple("" if part is None else str(part) for part in (*parts, *rest))

    def _message(self, *languages: str) -> str:
        for language in (*languages, ""):
            for message in self.messages:
                if (message.language or "").split("-")[0].lower() == language:
                    return message.value
        return self.messages[0].value if self.messages else self.component.value


_TEXTS = {
    "Class": Text("Der Wert muss zur Klasse {} gehören.", "The value must be an instance of {}."),
    "Datatype": Text("Der Wert muss ein gültiges {} sein.", "The value must be a valid {}."),
    "NodeKind": Text("Der Wert muss {} sein.", "The value must be {}."),
    "minExclusive": Text("Der Wert muss größer sein als {}.", "The value must be greater than {}."),
    "minInclusive": Text("Der Wert muss mindestens {} sein.", "The value must be at least {}."),
    "maxExclusive": Text("Der Wert muss kleiner sein als {}.", "The value must be less than {}."),
    "maxInclusive": Text("Der Wert darf höchstens {} sein.", "The value must be at most {}."),
    "minLength": Text("Der Text braucht mindestens {} Zeichen.", "The text needs at least {} characters."),
    "maxLength": Text(
        "Der Text darf höchstens {} Zeichen haben.", "The text may have at most {} characters."
    ),
    "Pattern": Text("Der Text muss dem Muster {} folgen.", "The text must match the pattern {}."),
    "LanguageIn": Text("Die Sprache muss eine von diesen sein: {}.", "The language must be one of: {}."),
    "In": Text("Der Wert muss einer von diesen sein: {}.", "The value must be one of: {}."),
    "HasValue": Text("Der Wert {} fehlt.", "The value {} is missing."),
    "minCount": Text("Anzahl der Angaben: mindestens {}.", "Number of values: at least {}."),
    "maxCount": Text("Anzahl der Angaben: höchstens {}.", "Number of values: at most {}."),
    "qualifiedMinCount": Text(
        "Anzahl der Angaben, die der Form {1} genügen: mindestens {0}.",
        "Number of values that conform to {1}: at least {0}.",
    ),
    "qualifiedMaxCount": Text(
        "Anzahl der Angaben, die der Form {1} genügen: höchstens {0}.",
        "Number of values that conform to {1}: at most {0}.",
    ),
    "UniqueLang": Text("Jede Sprache darf nur einmal vorkommen.", "Each language may be used only once."),
    "equals": Text(
        "Die Werte müssen dieselben sein wie die von {}.", "The values must be the same as those of {}."
    ),
    "disjoint": Text(
        "Der Wert darf nicht auch Wert von {} sein.", "The value must not be a value of {} as well."
    ),
    "lessThan": Text("Der Wert muss kleiner sein als der von {}.", "The value must be less than that of {}."),
    "lessThanOrEquals": Text(
        "Der Wert darf nicht größer sein als der von {}.", "The value must not be greater than that of {}."
    ),
    "Not": Text("Der Wert darf der Form {} nicht genügen.", "The value must not conform to {}."),
    "and": Text("Der Wert muss allen diesen Formen genügen: {}.", "The value must conform to all of: {}."),
    "or": Text("Der Wert muss einer dieser Formen genügen: {}.", "The value must conform to one of: {}."),
    "xone": Text(
        "Der Wert muss genau einer dieser Formen genügen: {}.",
        "The value must conform to exactly one of: {}.",
    ),
    "Node": Text("Der Wert genügt nicht der Form {}.", "The value does not conform to {}."),
    "Property": Text("Der Wert genügt nicht der Form {}.", "The value does not conform to {}."),
    "Closed": Text("Diese Eigenschaft ist hier nicht vorgesehen.", "This property is not provided for here."),
    "Sparql": Text("Eine Bedingung der Form ist nicht erfüllt.", "A condition of the shape is not met."),
    "Foreign": Text("Eine Bedingung der Form ist nicht erfüllt.", "A condition of the shape is not met."),
}
_KINDS = {
    "IRI": Text("eine IRI", "an IRI"),
    "Literal": Text("ein Literal", "a literal"),
    "BlankNode": Text("ein leerer Knoten", "a blank node"),
}
_OR = Text(" oder ", " or ")


def standard_message(constraint: sh.Constraint) -> Text:
    """What the constraint asks for, as a sentence in both languages."""
    template = _TEXTS[getattr(constraint, "parameter", type(constraint).__name__)]
    return Text(*(template.in_language(one).format(*_arguments(constraint, one)) for one in ("de", "en")))


def _arguments(constraint: sh.Constraint, language: str) -> tuple[object, ...]:
    match constraint:
        case sh.NodeKind(kind):
            kinds = (_KINDS[part].in_language(language) for part in kind.split("Or"))
            return (_OR.in_language(language).join(kinds),)
        case sh.Range(_, bound):
            return (bound.value,)
        case sh.LanguageIn(listed) | sh.In(listed) | sh.Logical(_, listed):
            return (", ".join(map(str, listed)),)
        case sh.Qualified(_, count, shape):
            return (count, shape)
        case sh.UniqueLang() | sh.Closed() | sh.Sparql() | sh.Foreign():
            return ()
        case sh.Class(one) | sh.Datatype(one) | sh.Pattern(one) | sh.HasValue(one):
            return (one,)
        case sh.Not(one) | sh.Node(one) | sh.Property(one):
            return (one,)
        case sh.Length(_, one) | sh.Count(_, one) | sh.Pair(_, one):
            return (one,)
