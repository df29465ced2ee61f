"""Messages for constraints whose shape brings none of its own."""

from __future__ import annotations

from transfergraph.common.text import Text
from transfergraph.shacl.shape_model import (
    Class,
    Closed,
    Constraint,
    Count,
    Datatype,
    Foreign,
    HasValue,
    In,
    LanguageIn,
    Length,
    Logical,
    Node,
    NodeKind,
    Not,
    Pair,
    Pattern,
    Property,
    Qualified,
    Range,
    Sparql,
    UniqueLang,
)
from transfergraph.store import Term

_KINDS_DE = {"IRI": "eine IRI", "Literal": "ein Literal", "BlankNode": "ein leerer Knoten"}
_KINDS_EN = {"IRI": "an IRI", "Literal": "a literal", "BlankNode": "a blank node"}
_PAIRS = {
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
}
_RANGES = {
    "minExclusive": Text("Der Wert muss größer sein als {}.", "The value must be greater than {}."),
    "minInclusive": Text("Der Wert muss mindestens {} sein.", "The value must be at least {}."),
    "maxExclusive": Text("Der Wert muss kleiner sein als {}.", "The value must be less than {}."),
    "maxInclusive": Text("Der Wert darf höchstens {} sein.", "The value must be at most {}."),
}
_LENGTHS = {
    "minLength": Text("Der Text braucht mindestens {} Zeichen.", "The text needs at least {} characters."),
    "maxLength": Text(
        "Der Text darf höchstens {} Zeichen haben.", "The text may have at most {} characters."
    ),
}
_COUNTS = {
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
}
_LOGICAL = {
    "and": Text("Der Wert muss allen diesen Formen genügen: {}.", "The value must conform to all of: {}."),
    "or": Text("Der Wert muss einer dieser Formen genügen: {}.", "The value must conform to one of: {}."),
    "xone": Text(
        "Der Wert muss genau einer dieser Formen genügen: {}.",
        "The value must conform to exactly one of: {}.",
    ),
}


def standard_message(constraint: Constraint) -> Text:
    """What the constraint asks for, as a sentence in both languages."""
    template, arguments = _template(constraint)
    return Text(template.de.format(*arguments), template.en.format(*arguments))


def _template(constraint: Constraint) -> tuple[Text, tuple[object, ...]]:
    match constraint:
        case Class(iri):
            return Text("Der Wert muss zur Klasse {} gehören.", "The value must be an instance of {}."), (
                iri,
            )
        case Datatype(iri):
            return Text("Der Wert muss ein gültiges {} sein.", "The value must be a valid {}."), (iri,)
        case NodeKind(kind):
            kinds = kind.split("Or")
            german = " oder ".join(_KINDS_DE[part] for part in kinds)
            english = " or ".join(_KINDS_EN[part] for part in kinds)
            return Text(f"Der Wert muss {german} sein.", f"The value must be {english}."), ()
        case Range(parameter, bound):
            return _RANGES[parameter], (bound.value,)
        case Length(parameter, length):
            return _LENGTHS[parameter], (length,)
        case Pattern(regex):
            return Text("Der Text muss dem Muster {} folgen.", "The text must match the pattern {}."), (
                regex,
            )
        case LanguageIn(ranges):
            return Text("Die Sprache muss eine von diesen sein: {}.", "The language must be one of: {}."), (
                ", ".join(ranges),
            )
        case In(terms):
            return Text("Der Wert muss einer von diesen sein: {}.", "The value must be one of: {}."), (
                _list(terms),
            )
        case HasValue(term):
            return Text("Der Wert {} fehlt.", "The value {} is missing."), (term,)
        case Count(parameter, count):
            return _COUNTS[parameter], (count,)
        case Qualified(parameter, count, shape):
            return _COUNTS[parameter], (count, shape)
        case Pair(parameter, predicate):
            return _PAIRS[parameter], (predicate,)
        case Logical(parameter, shapes):
            return _LOGICAL[parameter], (_list(shapes),)
        case _:
            return _plain(constraint), ()


def _plain(constraint: UniqueLang | Not | Node | Property | Closed | Sparql | Foreign) -> Text:
    match constraint:
        case UniqueLang():
            return Text("Jede Sprache darf nur einmal vorkommen.", "Each language may be used only once.")
        case Not(shape):
            return Text(
                f"Der Wert darf der Form {shape} nicht genügen.", f"The value must not conform to {shape}."
            )
        case Node(shape) | Property(shape):
            return Text(f"Der Wert genügt nicht der Form {shape}.", f"The value does not conform to {shape}.")
        case Closed():
            return Text(
                "Diese Eigenschaft ist hier nicht vorgesehen.", "This property is not provided for here."
            )
        case Sparql() | Foreign():
            return Text("Eine Bedingung der Form ist nicht erfüllt.", "A condition of the shape is not met.")


def _list(terms: tuple[Term, ...]) -> str:
    return ", ".join(str(term) for term in terms)
