"""A validation result as a value (SHACL section 3.6.2)."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from transfergraph.common.property_paths import Path, path_text
from transfergraph.common.text import Text
from transfergraph.findings import Severity
from transfergraph.store import Term


@dataclass(frozen=True, slots=True)
class Result:
    """One way in which a focus node breaks a constraint.

    ``shape`` is the source shape and ``constraint``, for ``sh:sparql`` alone, the source constraint.
    ``against`` is what SHACL has no property for: of ``sh:uniqueLang`` the language tag used more than
    once, of ``sh:lessThan`` and ``sh:lessThanOrEquals`` the value that should be greater. Results of
    pySHACL leave it None. ``messages`` are the shape's own, or ours.
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
        """The message in each language that the shape has."""
        if not self.messages:
            return Text.same(self.component.value)
        tags = [(one.language or "").lower() for one in self.messages]
        first_of = dict(zip(reversed(tags), reversed(self.messages), strict=True))
        return Text({tag: first_of[tag].value for tag in tags})

    def sort_key(self) -> tuple[str, ...]:
        """By focus node, then by everything else, so that the order never varies."""
        parts = (self.focus, self.path_text, self.shape, self.component, self.value, self.against)
        rest = (self.constraint, self.severity, " ".join(str(message) for message in self.messages))
        return tuple("" if part is None else str(part) for part in (*parts, *rest))
