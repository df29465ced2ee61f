"""``sh:sparql`` constraints at many focus nodes at once (SHACL section 5 and appendix A).

SHACL runs the query of such a constraint once per focus node, with ``$this`` standing for the node. Here
it runs once: the set of focus nodes is joined into it. Wherever an expression uses ``$this`` inside
braces, where SPARQL would not see a variable from outside them, the set is joined there as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from transfergraph.common.property_paths import Predicate, path_text
from transfergraph.common.text import Text
from transfergraph.errors import WorkspaceError
from transfergraph.messages import explained
from transfergraph.shacl.node_patterns import FocusPatterns
from transfergraph.shacl.shape_model import NotCompiled, Sparql
from transfergraph.store.sparql_tokens import Token, TokenKind, tokenise

_OPERATORS = ("^^", "&&", "||", "!=", "<=", ">=")
_PLAIN_WORDS = ("A", "TRUE", "FALSE")


@dataclass(slots=True)
class GroupPattern:
    """What stands between two braces (or, outermost, the whole query)."""

    parts: list[Token | GroupPattern] = field(default_factory=list)

    def text(self) -> str:
        """The group as SPARQL text, without its braces."""
        return _spaced(
            part.text if isinstance(part, Token) else f"{{ {part.text()} }}" for part in self.parts
        )

    def is_subquery(self) -> bool:
        """Whether this is a SELECT query inside another."""
        return self._is_word(0, "SELECT")

    def is_existence(self, position: int) -> bool:
        """Whether the group at the position is what EXISTS or NOT EXISTS asks for."""
        return isinstance(self.parts[position], GroupPattern) and self._is_word(position - 1, "EXISTS")

    def is_one_lookup(self) -> bool:
        """Whether the group is a single triple of a given property, which is quickly found for all nodes."""
        dots = [part for part in self.parts if isinstance(part, Token) and part.text == "."]
        terms = [part for part in self.parts if isinstance(part, Token) and part.text != "."]
        return len(dots) < 2 and len(terms) == 3 and terms[1].kind in (TokenKind.IRI, TokenKind.WORD)

    def uses_in_expression(self, variable: str) -> bool:
        """Whether an expression of this group itself, such as that of a FILTER, uses the variable."""
        depth = 0
        for part in self.parts:
            if isinstance(part, Token):
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
            isinstance(part, Token) and (part.kind is not TokenKind.WORD or part.is_word(*_PLAIN_WORDS))
            for part in self.parts
        )

    def _is_word(self, position: int, *words: str) -> bool:
        part = self.parts[position] if 0 <= position < len(self.parts) else None
        return isinstance(part, Token) and part.is_word(*words)

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
                if part.kind is TokenKind.VARIABLE:
                    (own if depth == 0 else others).add(part.text)
        return own, others


@dataclass(frozen=True, slots=True)
class Existence:
    """``FILTER EXISTS`` or, negated, ``FILTER NOT EXISTS``; ``shared`` are the variables it has in common."""

    group: GroupPattern
    negated: bool
    shared: tuple[str, ...]


def read_groups(parts: list[Token]) -> GroupPattern | None:
    """The query as a tree, or None when its braces do not match."""
    stack = [GroupPattern()]
    for part in parts:
        if part.text == "{":
            stack.append(GroupPattern())
            stack[-2].parts.append(stack[-1])
        elif part.text == "}":
            stack.pop()
            if not stack:
                return None
        else:
            stack[-1].parts.append(part)
    return stack[0] if len(stack) == 1 else None


_THIS = "?this"
DATA_GRAPH, SHAPES_GRAPH = "urn:x-shacl:data-graph", "urn:x-shacl:shapes-graph"
"""What a query that looks into the shapes graph calls the two: it is asked of a store that has both."""

_BOUND_BY_SHACL = ("?this", "?currentShape", "?shapesGraph", "?PATH")


def select_at(place: FocusPatterns, constraint: Sparql) -> str:
    """The SELECT query of the constraint for all focus nodes of the place together.

    Raises :class:`~transfergraph.errors.WorkspaceError` for a query that SHACL does not allow.
    """
    parts = _with_whole_iris(_tokens(constraint.select), dict(constraint.prefixes), constraint)
    parts = _with_path(parts, place, constraint)
    parts = _with_shape(parts, place)
    _check(parts, constraint)
    whole = read_groups(parts)
    if whole is None:
        raise _refuse(constraint, explained("error.shapes.braces"))
    focus_nodes = f"{{ SELECT ({place.focus} AS {_THIS}) WHERE {{ {place.nodes.pattern} }} }}"
    return _joined(whole, focus_nodes)


def _tokens(query: str) -> list[Token]:
    """The tokens of a query, with operators of two signs whole and every variable written with ``?``."""
    found: list[Token] = []
    for token in tokenise(query):
        if token.kind is TokenKind.VARIABLE:
            token = token._replace(text="?" + token.text[1:])
        if found and found[-1].end == token.start and found[-1].text + token.text in _OPERATORS:
            token = Token(TokenKind.MARK, found[-1].text + token.text, found.pop().start)
        found.append(token)
    return found


def _refuse(constraint: Sparql, what: Text) -> WorkspaceError:
    return WorkspaceError(explained("error.shapes.query", source=constraint.source, what=what))


def _with_whole_iris(parts: list[Token], prefixes: dict[str, str], constraint: Sparql) -> list[Token]:
    while parts and parts[0].is_word("PREFIX", "BASE"):
        if parts[0].is_word("BASE") or len(parts) < 3:
            raise _refuse(constraint, explained("error.shapes.prologue"))
        prefixes[parts[1].text.rstrip(":")] = parts[2].text[1:-1]
        parts = parts[3:]
    whole = []
    for part in parts:
        if part.kind is TokenKind.NAME:
            prefix, _, local = part.text.partition(":")
            if prefix not in prefixes:
                raise _refuse(constraint, explained("error.shapes.prefix", part=part.text))
            local = re.sub(r"\\(.)", r"\1", local)
            part = Token(TokenKind.IRI, f"<{prefixes[prefix]}{local}>", part.start)
        whole.append(part)
    return whole


def _with_path(parts: list[Token], place: FocusPatterns, constraint: Sparql) -> list[Token]:
    if not any(part.text == "?PATH" for part in parts):
        return parts
    if place.path is None:
        raise _refuse(constraint, explained("error.shapes.path-variable"))
    text = path_text(place.path)
    path = Token(TokenKind.IRI, text if isinstance(place.path, Predicate) else f"({text})", 0)
    return [path if part.text == "?PATH" else part for part in parts]


def _with_shape(parts: list[Token], place: FocusPatterns) -> list[Token]:
    """The query with its shape and the shapes graph in place of their variables (SHACL section 5.3.1)."""
    bound = {"?currentShape": str(place.shape.term), "?shapesGraph": f"<{SHAPES_GRAPH}>"}
    if not any(part.text in bound for part in parts):
        return parts
    if not isinstance(place.shape.term, NamedNode):
        raise NotCompiled("its sh:sparql constraint uses $currentShape, which has no IRI")
    found: list[Token] = []
    for part in parts:
        is_asked = part.text in bound and len(found) > 1 and found[-2].is_word("BOUND")
        if is_asked:
            found.pop(-2)
        text = "true" if is_asked else bound.get(part.text, part.text)
        found.append(Token(TokenKind.IRI if part.text in bound else part.kind, text, part.start))
    return found


def _check(parts: list[Token], constraint: Sparql) -> None:
    if not parts or not parts[0].is_word("SELECT"):
        raise _refuse(constraint, explained("error.shapes.not-select"))
    for i, part in enumerate(parts):
        if part.is_word("MINUS", "VALUES", "SERVICE"):
            raise _refuse(constraint, explained("error.shapes.forbidden", word=part.text.upper()))
        if part.is_word("AS") and parts[i + 1 : i + 2] and parts[i + 1].text in _BOUND_BY_SHACL:
            raise _refuse(constraint, explained("error.shapes.bound", variable=parts[i + 1].text))
        if part.is_word("LIMIT", "OFFSET", "FROM"):
            raise NotCompiled(f"its sh:sparql constraint uses {part.text.upper()}")
        if part.is_word("SELECT") and not _projects_this(parts[i + 1 :], nested=i > 0):
            raise _refuse(constraint, explained("error.shapes.this"))
        if part.is_word("BY") and parts[i - 1].is_word("GROUP") and not _groups_by_this(parts[i + 1 :]):
            raise NotCompiled("its sh:sparql constraint groups by other things than $this")


def _projects_this(following: list[Token], nested: bool) -> bool:
    depth = 0
    for part in following:
        if part.text == "{" or part.is_word("WHERE"):
            return False
        depth += {"(": 1, ")": -1}.get(part.text, 0)
        if depth == 0 and (part.text == _THIS or (part.text == "*" and not nested)):
            return True
    return False


def _groups_by_this(following: list[Token]) -> bool:
    for part in following:
        if part.text == "}" or part.is_word("HAVING", "ORDER"):
            return False
        if part.text == _THIS:
            return True
    return False


def _spaced(texts: Iterable[str]) -> str:
    """The texts with blanks between them, but none before the bracket of a call.

    Oxigraph 0.5.13 refuses ``CONCAT (``, ``COALESCE (`` and ``BNODE ()``, which the grammar of SPARQL allows.
    """
    spaced: list[str] = []
    for text in texts:
        is_call = text == "(" and bool(spaced) and spaced[-1][-1:].isalnum()
        spaced.append(text if is_call or not spaced else f" {text}")
    return "".join(spaced)


def _joined(whole: GroupPattern, focus_nodes: str) -> str:
    """The query with the focus nodes joined into each group that cannot do without them."""
    texts: list[str] = []
    is_first = True
    for part in whole.parts:
        if isinstance(part, Token):
            texts.append(part.text)
        else:
            texts.append(f"{{ {_main(part, focus_nodes) if is_first else part.text()} }}")
            is_first = False
    return _spaced(texts)


def _main(group: GroupPattern, focus_nodes: str) -> str:
    """The group of a SELECT: it has the focus nodes, and what must or must not exist follows as a set.

    ``FILTER NOT EXISTS`` of more than one triple is evaluated once per node by most stores; as long as
    it says nothing but triples, MINUS of a set is the same and takes one pass.
    """
    if group.is_subquery():
        return _nested(group, focus_nodes)
    apart, rest = group.split_existence(_THIS)
    sets = []
    for existence in apart:
        inside = existence.group.text()
        if _THIS in existence.shared and not existence.group.is_one_lookup():
            inside = f"{focus_nodes} {inside}"
        chosen = f"{{ SELECT DISTINCT {' '.join(existence.shared)} WHERE {{ {inside} }} }}"
        sets.append(f"MINUS {chosen}" if existence.negated else chosen)
    return " ".join([focus_nodes, _nested(rest, focus_nodes), *sets])


def _nested(group: GroupPattern, focus_nodes: str) -> str:
    texts = []
    for i, part in enumerate(group.parts):
        if isinstance(part, Token):
            texts.append(part.text)
        elif group.is_existence(i):
            texts.append(f"{{ {part.text()} }}")
        elif part.is_subquery() or group.is_subquery():
            inside = _nested(part, focus_nodes)
            texts.append(f"{{ {focus_nodes if group.is_subquery() else ''} {inside} }}")
        else:
            joined = focus_nodes if part.uses_in_expression(_THIS) else ""
            if joined and texts[-1:] == [f"<{SHAPES_GRAPH}>"]:
                raise NotCompiled("its sh:sparql constraint looks for $this in the shapes graph")
            texts.append(f"{{ {joined} {_nested(part, focus_nodes)} }}")
    return _spaced(texts)
