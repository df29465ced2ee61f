"""From outcomes of pairs to groups of records that are one organisation, and to the pairs that have to be
asked.

What is the same as the same is the same. Decisions of curators come first, and no score joins what a
decision, an identifier or another veto keeps apart, whatever stands between.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from transfergraph.identity.curated_decisions import Decision
from transfergraph.identity.pair_outcome import Judgement

CLASH = "clash"
"""The rule of pairs that are asked, and kept apart until there is an answer."""


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """Two records, what is said of them, by which rule, and the score."""

    a: int
    b: int
    judgement: Judgement
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A decision that two are different, and the decisions that, taken together, say they are the same.

    There are none where the two have one key, and so one IRI.
    """

    different: Decision
    same: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """``groups`` are records that are one organisation, of two and more; ``asked`` are pairs, the best first.

    Among these are pairs that would be the same but for what keeps their groups apart.
    """

    groups: tuple[tuple[int, ...], ...]
    asked: tuple[JudgedPair, ...]
    contradictions: tuple[Contradiction, ...]


@dataclass(slots=True)
class _Groups:
    """Records in groups, with what keeps records apart: pairs, and other identifiers of one scheme."""

    group: dict[int, list[int]] = field(default_factory=dict)
    apart: dict[int, set[int]] = field(default_factory=dict)
    identifiers: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    def of(self, record: int) -> list[int]:
        return self.group.setdefault(record, [record])

    def part(self, one: int, other: int) -> None:
        self.apart.setdefault(one, set()).add(other)
        self.apart.setdefault(other, set()).add(one)

    def are_apart(self, one: int, other: int) -> bool:
        fewer, more = sorted((self.of(one), self.of(other)), key=len)
        if any(not self.apart.get(record, set()).isdisjoint(more) for record in fewer):
            return True
        here, there = self._identified(fewer), self._identified(more)
        return any(here[scheme].isdisjoint(there[scheme]) for scheme in here.keys() & there.keys())

    def _identified(self, records: Iterable[int]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for record in records:
            for scheme, value in self.identifiers.get(record, {}).items():
                found.setdefault(scheme, set()).add(value)
        return found

    def are_one(self, one: int, other: int) -> bool:
        return self.of(one) is self.of(other)

    def join(self, one: int, other: int) -> None:
        into, left = self.of(one), self.of(other)
        if into is not left:
            into.extend(left)
            self.group.update(dict.fromkeys(left, into))


def settle(
    pairs: Iterable[JudgedPair],
    decisions: Sequence[Decision],
    names: Mapping[str, int],
    records: int,
    identifiers: Mapping[int, Mapping[str, str]],
) -> Settled:
    """Group the records, numbered from 0, of which ``names`` tells the number by ``source/key``.

    ``pairs`` come in the order in which they are believed; ``identifiers`` are the values of each record by
    their scheme, of which a thing has one.
    """
    judged = list(pairs)
    groups = _Groups(identifiers=identifiers)
    same_iri = [one for one in judged if one.rule == "one-key"]
    numbers = _numbered(decisions, names, records)
    decided = _Groups()
    for one in same_iri:
        decided.join(one.a, one.b)
    for decision in decisions:
        if decision.judgement is Judgement.SAME:
            decided.join(*numbers[decision.row])
    differing = [one for one in decisions if one.judgement is Judgement.DIFFERENT]
    against = [one for one in differing if decided.are_one(*numbers[one.row])]
    groups.group = decided.group
    for decision in differing:
        if decision not in against:
            groups.part(*numbers[decision.row])
    ruled_out = _Groups(groups.group, {record: set(known) for record, known in groups.apart.items()})
    for pair in judged:
        if _keeps_apart(pair) and not groups.are_one(pair.a, pair.b):
            groups.part(pair.a, pair.b)
    refused = _join(groups, judged)
    asking = [one for one in judged if one.judgement is Judgement.ASK]
    open_pairs = [
        one for one in asking if not (ruled_out if one.rule == CLASH else groups).are_apart(one.a, one.b)
    ]
    open_pairs += [one for one in refused if not ruled_out.are_apart(one.a, one.b)]
    asked = _asked(groups, open_pairs)
    known = {id(members): members for members in groups.group.values()}
    found = sorted(tuple(sorted(one for one in members if one < records)) for members in known.values())
    contradictions = tuple(Contradiction(one, _chain(one, decisions)) for one in against)
    return Settled(tuple(one for one in found if len(one) > 1), asked, contradictions)


def _keeps_apart(pair: JudgedPair) -> bool:
    return pair.rule == CLASH or (pair.judgement is Judgement.DIFFERENT and pair.rule != "unlike")


def _numbered(
    decisions: Sequence[Decision], names: Mapping[str, int], records: int
) -> dict[int, tuple[int, int]]:
    """The records of each decision, by its row; what is not there has numbers of its own."""
    absent: dict[str, int] = {}

    def number(name: str) -> int:
        return names[name] if name in names else absent.setdefault(name, records + len(absent))

    return {one.row: (number(one.first), number(one.second)) for one in decisions}


def _join(groups: _Groups, judged: Iterable[JudgedPair]) -> tuple[JudgedPair, ...]:
    refused = []
    for pair in judged:
        if pair.judgement is Judgement.SAME and not groups.are_one(pair.a, pair.b):
            if groups.are_apart(pair.a, pair.b):
                refused.append(pair)
            else:
                groups.join(pair.a, pair.b)
    return tuple(refused)


def _asked(groups: _Groups, pairs: Iterable[JudgedPair]) -> tuple[JudgedPair, ...]:
    """The best pair of each two groups."""
    best: dict[frozenset[int], JudgedPair] = {}
    for pair in sorted(pairs, key=lambda one: (-one.score, one.a, one.b)):
        if not groups.are_one(pair.a, pair.b):
            best.setdefault(frozenset((id(groups.of(pair.a)), id(groups.of(pair.b)))), pair)
    return tuple(best.values())


def _chain(different: Decision, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """The shortest way from one to the other over decisions that say the same."""
    beside: dict[str, list[tuple[str, Decision]]] = {}
    for one in decisions:
        if one.judgement is Judgement.SAME:
            beside.setdefault(one.first, []).append((one.second, one))
            beside.setdefault(one.second, []).append((one.first, one))
    waiting: deque[tuple[str, tuple[Decision, ...]]] = deque([(different.first, ())])
    seen = {different.first}
    while waiting:
        at, way = waiting.popleft()
        if at == different.second:
            return way
        for there, decision in beside.get(at, ()):
            if there not in seen:
                seen.add(there)
                waiting.append((there, (*way, decision)))
    return ()
