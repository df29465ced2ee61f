"""``sh:sparql`` constraints at many focus nodes at once (SHACL section 5 and appendix A).

SHACL runs the query of such a constraint once per focus node, with ``$this`` standing for the node. Here
it runs once: the set of focus nodes is joined into it. Wherever an expression speaks of ``$this`` inside
braces, where SPARQL would not see a variable from outside them, the set is joined there as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from transfergraph.errors import WorkspaceError
from transfergraph.shapes.model import NotCompiled, Sparql
from transfergraph.shapes.paths import Predicate, path_text
from transfergraph.shapes.places import Place
from transfergraph.shapes.tokens import Token, expanded, text_of, tokens

_THIS = "?this"
_OWN_VARIABLES = ("?this", "?currentShape", "?shapesGraph", "?PATH", "?value")


def select_at(place: Place, constraint: Sparql) -> str:
    """The SELECT query of the constraint for all focus nodes of the place together.

    Raises :class:`~transfergraph.errors.WorkspaceError` for a query that SHACL does not allow.
    """
    parts = _with_whole_iris(tokens(constraint.select), dict(constraint.prefixes), constraint)
    parts = _with_path(parts, place, constraint)
    _check(parts, constraint)
    focus_nodes = f"{{ SELECT DISTINCT ({place.focus} AS {_THIS}) WHERE {{ {place.nodes.pattern} }} }}"
    return _Rewriting(focus_nodes, constraint).query(parts)


def _refuse(constraint: Sparql, what: str) -> WorkspaceError:
    return WorkspaceError(f"The query of the sh:sparql constraint {constraint.source} {what}.")


def _with_whole_iris(parts: list[Token], prefixes: dict[str, str], constraint: Sparql) -> list[Token]:
    while parts and parts[0].is_word("PREFIX", "BASE"):
        if parts[0].is_word("BASE") or len(parts) < 3:
            raise _refuse(constraint, "has a prologue that is not supported: write whole IRIs or prefixes")
        prefixes[parts[1].text.rstrip(":")] = parts[2].text[1:-1]
        parts = parts[3:]
    whole = []
    for part in parts:
        iri = expanded(part, prefixes) if part.kind == "name" else part
        if iri is None:
            raise _refuse(constraint, f"uses a prefix that is not declared for it: {part.text}")
        whole.append(iri)
    return whole


def _with_path(parts: list[Token], place: Place, constraint: Sparql) -> list[Token]:
    if not any(part.text == "?PATH" for part in parts):
        return parts
    if place.path is None:
        raise _refuse(
            constraint, "uses $PATH, which stands for the path of a property shape, at a node shape"
        )
    text = path_text(place.path)
    path = Token("iri", text if isinstance(place.path, Predicate) else f"({text})")
    return [path if part.text == "?PATH" else part for part in parts]


def _check(parts: list[Token], constraint: Sparql) -> None:
    if not parts or not parts[0].is_word("SELECT"):
        raise _refuse(constraint, "is not a SELECT query")
    for i, part in enumerate(parts):
        if part.is_word("MINUS", "VALUES", "SERVICE"):
            raise _refuse(constraint, f"uses {part.text.upper()}, which SHACL forbids there (appendix A)")
        if part.is_word("AS") and parts[i + 1 : i + 2] and parts[i + 1].text in _OWN_VARIABLES[:4]:
            raise _refuse(
                constraint, f"binds {parts[i + 1].text}, which SHACL has bound already (appendix A)"
            )
        if part.text in ("?currentShape", "?shapesGraph"):
            raise NotCompiled(f"its sh:sparql constraint uses ${part.text[1:]}")
        if part.is_word("LIMIT", "OFFSET", "FROM"):
            raise NotCompiled(f"its sh:sparql constraint uses {part.text.upper()}")
        if part.is_word("SELECT") and not _projects_this(parts[i + 1 :], nested=i > 0):
            raise _refuse(constraint, "has a SELECT clause without $this (appendix A)")
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


@dataclass(slots=True)
class _Group:
    """A group graph pattern while its tokens are read."""

    opener: str
    in_exists: bool
    parts: list[Token] = field(default_factory=list)
    parentheses: int = 0
    speaks_of_this: bool = False

    def is_subquery(self) -> bool:
        return bool(self.parts) and self.parts[0].is_word("SELECT")


class _Rewriting:
    """Joins the focus nodes into the groups of a query."""

    def __init__(self, focus_nodes: str, constraint: Sparql) -> None:
        self._focus_nodes = Token("sign", focus_nodes)
        self._constraint = constraint

    def query(self, parts: list[Token]) -> str:
        outermost = _Group("", False)
        stack = [outermost]
        for part in parts:
            group = stack[-1]
            if part.text == "{":
                opener = group.parts[-1].text.upper() if group.parts else ""
                stack.append(_Group(opener, group.in_exists or opener == "EXISTS"))
            elif part.text == "}":
                if len(stack) == 1:
                    raise _refuse(self._constraint, "has a closing brace too many")
                stack.pop()
                stack[-1].parts.append(self._closed(group, outer=stack[-1], depth=len(stack)))
            else:
                group.parentheses += {"(": 1, ")": -1}.get(part.text, 0)
                group.speaks_of_this |= part.text == _THIS and group.parentheses > 0
                group.parts.append(part)
        if len(stack) > 1:
            raise _refuse(self._constraint, "has a closing brace too few")
        return text_of(outermost.parts)

    def _closed(self, group: _Group, outer: _Group, depth: int) -> Token:
        """The whole group as one token, the focus nodes joined in where they must be."""
        of_a_select = depth == 1 or (outer.is_subquery() and not group.in_exists)
        needs_nodes = of_a_select or (group.speaks_of_this and not group.in_exists)
        inside = [*([self._focus_nodes] if needs_nodes and not group.is_subquery() else []), *group.parts]
        return Token("sign", f"{{ {text_of(inside)} }}")
