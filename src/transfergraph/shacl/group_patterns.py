"""The group graph patterns of a SPARQL query as a tree of tokens."""

from __future__ import annotations

from dataclasses import dataclass, field

from transfergraph.shacl.sparql_rewriting import RewritableToken

_PLAIN_WORDS = ("A", "TRUE", "FALSE")


@dataclass(slots=True)
class GroupPattern:
    """What stands between two braces (or, outermost, the whole query)."""

    parts: list[RewritableToken | GroupPattern] = field(default_factory=list)

    def text(self) -> str:
        """The group as SPARQL text, without its braces."""
        return " ".join(
            part.text if isinstance(part, RewritableToken) else f"{{ {part.text()} }}" for part in self.parts
        )

    def is_subquery(self) -> bool:
        """Whether this is a SELECT query inside another."""
        return self._is_word(0, "SELECT")

    def is_existence(self, position: int) -> bool:
        """Whether the group at the position is what EXISTS or NOT EXISTS asks for."""
        return isinstance(self.parts[position], GroupPattern) and self._is_word(position - 1, "EXISTS")

    def is_one_lookup(self) -> bool:
        """Whether the group is a single triple of a given property, which is quickly found for all nodes."""
        dots = [part for part in self.parts if isinstance(part, RewritableToken) and part.text == "."]
        terms = [part for part in self.parts if isinstance(part, RewritableToken) and part.text != "."]
        return len(dots) < 2 and len(terms) == 3 and terms[1].kind in ("iri", "word")

    def speaks_of(self, variable: str) -> bool:
        """Whether an expression of this group itself, such as that of a FILTER, uses the variable."""
        depth = 0
        for part in self.parts:
            if isinstance(part, RewritableToken):
                depth += {"(": 1, ")": -1}.get(part.text, 0)
                if depth > 0 and part.text == variable:
                    return True
        return False

    def split_existence(self, always_bound: str) -> tuple[list[Existence], GroupPattern]:
        """The filters that ask for the existence of plain triples and nothing else, and the rest.

        Only those whose variables are, if the rest uses them at all, bound by its triples in every
        solution; ``always_bound`` is bound anyhow.
        """
        found: list[Existence] = []
        rest = GroupPattern()
        spans = {start: length for start, length in map(self._existence_at, range(len(self.parts))) if length}
        i = 0
        while i < len(self.parts):
            length = spans.get(i, 0)
            rest.parts += self.parts[i : i + 1] if not length else []
            i += length or 1
        bound, others = rest._variables()
        bound.add(always_bound)
        for start, length in spans.items():
            group = self.parts[start + length - 1]
            assert isinstance(group, GroupPattern)
            variables = set().union(*group._variables())
            if variables & (others - bound) or not variables & bound:
                return [], self
            found.append(Existence(group, length == 4, tuple(sorted(variables & bound))))
        return found, rest

    def _existence_at(self, position: int) -> tuple[int, int]:
        """Where a filter on the existence of plain triples starts, and how many parts it is long, or 0."""
        words = 3 if self._is_word(position + 1, "NOT") else 2
        if not (self._is_word(position, "FILTER") and self._is_word(position + words - 1, "EXISTS")):
            return position, 0
        group = self.parts[position + words] if position + words < len(self.parts) else None
        plain = isinstance(group, GroupPattern) and group._is_plain()
        return position, words + 1 if plain else 0

    def _is_plain(self) -> bool:
        return all(
            isinstance(part, RewritableToken) and (part.kind != "word" or part.is_word(*_PLAIN_WORDS))
            for part in self.parts
        )

    def _is_word(self, position: int, *words: str) -> bool:
        part = self.parts[position] if 0 <= position < len(self.parts) else None
        return isinstance(part, RewritableToken) and part.is_word(*words)

    def _variables(self) -> tuple[set[str], set[str]]:
        """The variables of the group's own triples, and all others that occur in it."""
        own: set[str] = set()
        others: set[str] = set()
        depth = 0
        for part in self.parts:
            if isinstance(part, GroupPattern):
                others.update(*part._variables())
            else:
                depth += {"(": 1, ")": -1}.get(part.text, 0)
                if part.kind == "variable":
                    (own if depth == 0 else others).add(part.text)
        return own, others


@dataclass(frozen=True, slots=True)
class Existence:
    """``FILTER EXISTS`` or, negated, ``FILTER NOT EXISTS``; ``shared`` are the variables it has in common."""

    group: GroupPattern
    negated: bool
    shared: tuple[str, ...]


def read_groups(parts: list[RewritableToken]) -> GroupPattern | None:
    """The query as a tree, or None when its braces do not match."""
    stack = [GroupPattern()]
    for part in parts:
        if part.text == "{" and part.kind == "sign":
            stack.append(GroupPattern())
            stack[-2].parts.append(stack[-1])
        elif part.text == "}" and part.kind == "sign":
            stack.pop()
            if not stack:
                return None
        else:
            stack[-1].parts.append(part)
    return stack[0] if len(stack) == 1 else None
