"""``sh:sparql`` constraints at many focus nodes at once (SHACL section 5 and appendix A).

SHACL runs the query of such a constraint once per focus node, with ``$this`` standing for the node. Here
it runs once: the set of focus nodes is joined into it. Wherever an expression speaks of ``$this`` inside
braces, where SPARQL would not see a variable from outside them, the set is joined there as well.
"""

from __future__ import annotations

from transfergraph.errors import WorkspaceError
from transfergraph.shacl.focus_patterns import FocusPatterns
from transfergraph.shacl.group_patterns import GroupPattern, read_groups
from transfergraph.shacl.property_paths import Predicate, path_text
from transfergraph.shacl.shape_model import NotCompiled, Sparql
from transfergraph.shacl.sparql_rewriting import RewritableToken, expanded, tokens

_THIS = "?this"
_BOUND_BY_SHACL = ("?this", "?currentShape", "?shapesGraph", "?PATH")


def select_at(place: FocusPatterns, constraint: Sparql) -> str:
    """The SELECT query of the constraint for all focus nodes of the place together.

    Raises :class:`~transfergraph.errors.WorkspaceError` for a query that SHACL does not allow.
    """
    parts = _with_whole_iris(tokens(constraint.select), dict(constraint.prefixes), constraint)
    parts = _with_path(parts, place, constraint)
    _check(parts, constraint)
    whole = read_groups(parts)
    if whole is None:
        raise _refuse(constraint, "has braces that do not match")
    focus_nodes = f"{{ SELECT ({place.focus} AS {_THIS}) WHERE {{ {place.nodes.pattern} }} }}"
    return _joined(whole, focus_nodes)


def _refuse(constraint: Sparql, what: str) -> WorkspaceError:
    return WorkspaceError(f"The query of the sh:sparql constraint {constraint.source} {what}.")


def _with_whole_iris(
    parts: list[RewritableToken], prefixes: dict[str, str], constraint: Sparql
) -> list[RewritableToken]:
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


def _with_path(
    parts: list[RewritableToken], place: FocusPatterns, constraint: Sparql
) -> list[RewritableToken]:
    if not any(part.text == "?PATH" for part in parts):
        return parts
    if place.path is None:
        raise _refuse(
            constraint, "uses $PATH, which stands for the path of a property shape, at a node shape"
        )
    text = path_text(place.path)
    path = RewritableToken("iri", text if isinstance(place.path, Predicate) else f"({text})")
    return [path if part.text == "?PATH" else part for part in parts]


def _check(parts: list[RewritableToken], constraint: Sparql) -> None:
    if not parts or not parts[0].is_word("SELECT"):
        raise _refuse(constraint, "is not a SELECT query")
    for i, part in enumerate(parts):
        if part.is_word("MINUS", "VALUES", "SERVICE"):
            raise _refuse(constraint, f"uses {part.text.upper()}, which SHACL forbids there (appendix A)")
        if part.is_word("AS") and parts[i + 1 : i + 2] and parts[i + 1].text in _BOUND_BY_SHACL:
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


def _projects_this(following: list[RewritableToken], nested: bool) -> bool:
    depth = 0
    for part in following:
        if part.text == "{" or part.is_word("WHERE"):
            return False
        depth += {"(": 1, ")": -1}.get(part.text, 0)
        if depth == 0 and (part.text == _THIS or (part.text == "*" and not nested)):
            return True
    return False


def _groups_by_this(following: list[RewritableToken]) -> bool:
    for part in following:
        if part.text == "}" or part.is_word("HAVING", "ORDER"):
            return False
        if part.text == _THIS:
            return True
    return False


def _joined(whole: GroupPattern, focus_nodes: str) -> str:
    """The query with the focus nodes joined into each group that cannot do without them."""
    texts: list[str] = []
    is_first = True
    for part in whole.parts:
        if isinstance(part, RewritableToken):
            texts.append(part.text)
        else:
            texts.append(f"{{ {_main(part, focus_nodes) if is_first else part.text()} }}")
            is_first = False
    return " ".join(texts)


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
        if isinstance(part, RewritableToken):
            texts.append(part.text)
        elif group.is_existence(i):
            texts.append(f"{{ {part.text()} }}")
        elif part.is_subquery() or group.is_subquery():
            inside = _nested(part, focus_nodes)
            texts.append(f"{{ {focus_nodes if group.is_subquery() else ''} {inside} }}")
        else:
            joined = focus_nodes if part.speaks_of(_THIS) else ""
            texts.append(f"{{ {joined} {_nested(part, focus_nodes)} }}")
    return " ".join(texts)
