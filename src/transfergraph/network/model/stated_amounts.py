"""Amounts in euro as sources state them: never divided, and added only where that counts nothing twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import combinations

from pyoxigraph import NamedNode

from transfergraph.common.edtf_order import chronological
from transfergraph.common.namespaces import DCT, TG, local_name
from transfergraph.store import Store
from transfergraph.store.bulk_properties import plain, values_clause

EXACTLY = "exactly"
QUALIFIERS = (EXACTLY, "at-most", "at-least", "about")
EURO = "http://publications.europa.eu/resource/authority/currency/EUR"
TOTAL, STATED, SUM = "total", "stated", "sum"
"""What amounts are: the total that a source states, one or several as stated, or a sum of such."""

_TOTAL = "https://w3id.org/transfergraph/scheme/measure/funding-total"
_VALUES = "VALUES_OF_UNDERTAKING "
_GRANTS_QUERY = (
    "SELECT DISTINCT ?funding ?undertaking ?amount ?programme ?start ?end ?qualifier ?number WHERE { "
    f"{_VALUES}"
    f"?funding <{TG}funds> ?undertaking ; <{TG}amount> ?amount ; <{TG}currency> <{EURO}> "
    f"OPTIONAL {{ ?funding <{TG}fundedUnder> ?programme }} "
    f"OPTIONAL {{ ?funding <{TG}start> ?start }} OPTIONAL {{ ?funding <{TG}end> ?end }} "
    f"OPTIONAL {{ ?funding <{TG}qualifier> ?qualifier }} "
    f"OPTIONAL {{ ?funding <{TG}grantNumber> ?number }} }}"
)
_TOTALS_QUERY = (
    "SELECT DISTINCT ?undertaking ?amount ?qualifier ?date WHERE { "
    f"{_VALUES}?statement <{TG}measure> <{_TOTAL}> ; <{TG}about> ?undertaking ; "
    f"<{TG}amount> ?amount ; <{TG}currency> <{EURO}> "
    f"OPTIONAL {{ ?statement <{TG}qualifier> ?qualifier }} OPTIONAL {{ ?statement <{TG}asOf> ?date }} }}"
)
_PROGRAMMES_QUERY = (
    "SELECT DISTINCT ?programme ?whole WHERE { "
    f"{{ SELECT DISTINCT ?programme {{ ?funding <{TG}funds> ?any ; <{TG}fundedUnder> ?programme }} }} "
    f"?programme <{DCT}isPartOf>+ ?whole }}"
)


@dataclass(frozen=True, slots=True)
class StatedAmount:
    """An amount in euro; ``qualifier`` is one of :data:`QUALIFIERS`.

    The rest says what it is for, empty where that is not stated: ``programmes`` are the programme and those
    that it is part of, ``start`` and ``end`` the period in EDTF, ``number`` is that of the grant.
    """

    amount: Decimal
    qualifier: str = EXACTLY
    programmes: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    number: str = ""

    def is_apart_from(self, other: StatedAmount) -> bool:
        """Whether the two are certainly not the same money, not even in part."""
        if self.number and other.number:
            return self.number != other.number
        if self.programmes and other.programmes:
            nested = self.programmes[0] in other.programmes or other.programmes[0] in self.programmes
            if not nested:
                return True
        return _ends_before(self, other) or _ends_before(other, self)

    def rounds(self, other: StatedAmount) -> bool:
        """Whether this is the other amount without its last digits: the same, said less exactly."""
        if self.qualifier != other.qualifier or self.amount == other.amount:
            return False
        units = [Decimal(10) ** power for power in range(8) if self.amount >= 10 * Decimal(10) ** power]
        return any(
            (other.amount / unit).to_integral_value(ROUND_HALF_UP) * unit == self.amount for unit in units
        )


@dataclass(frozen=True, slots=True)
class Amounts:
    """What is stated of one matter; several ``amounts`` may overlap and must not be added.

    ``basis`` is :data:`TOTAL`, :data:`STATED` or :data:`SUM`, empty for none.
    """

    amounts: tuple[StatedAmount, ...] = ()
    basis: str = ""

    def columns(self) -> dict[str, object]:
        """The same as attributes of a node or edge of the network."""
        return {
            "amounts": [as_number(one.amount) for one in self.amounts],
            "amount_qualifiers": [one.qualifier for one in self.amounts],
            "amount_basis": self.basis,
        }


def as_number(amount: Decimal) -> int | float:
    """The amount as JSON and programs write it, whole euros without a fraction."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def qualifier_of(iri: str) -> str:
    """The qualifier of an amount: exact without one, ``about`` for one that is none of :data:`QUALIFIERS`."""
    name = local_name(iri)
    return name if name in QUALIFIERS else "about" if name else EXACTLY


def decimal(text: str) -> Decimal | None:
    """The finite decimal number that a text holds, else None."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def together(stated: Iterable[StatedAmount]) -> Amounts:
    """These amounts: one sum where no two can be the same money, otherwise each as it is stated.

    A sum has the qualifier of the amounts that are not exact. Where these differ, no qualifier would hold
    for a sum, so that there is none.
    """
    given = sorted(set(stated), key=lambda one: (one.start, one.end, -one.amount, one.qualifier, one.number))
    kept: list[StatedAmount] = []
    for one in given:
        if not any(_says_less(one, other) for other in given) and not any(_repeats(one, k) for k in kept):
            kept.append(one)
    inexact = {one.qualifier for one in kept} - {EXACTLY}
    if len(kept) > 1 and len(inexact) < 2 and all(a.is_apart_from(b) for a, b in combinations(kept, 2)):
        total = sum((one.amount for one in kept), Decimal(0))
        return Amounts((StatedAmount(total, inexact.pop() if inexact else EXACTLY),), SUM)
    return Amounts(tuple(kept), STATED if kept else "")


def _repeats(one: StatedAmount, other: StatedAmount) -> bool:
    return (one.amount, one.qualifier) == (other.amount, other.qualifier) and not one.is_apart_from(other)


def _says_less(one: StatedAmount, other: StatedAmount) -> bool:
    """Whether this is the other grant with its amount rounded."""
    same = (one.programmes, one.start, one.end) == (other.programmes, other.start, other.end)
    return same and not one.is_apart_from(other) and one.rounds(other)


def _ends_before(one: StatedAmount, other: StatedAmount) -> bool:
    """Whether one certainly ends before the other begins, compared as exactly as both are known."""
    if not (one.end and other.start):
        return False
    length = min(len(one.end), len(other.start))
    return "~" not in one.end + other.start and one.end[:length] < other.start[:length]


def read_amounts(store: Store) -> dict[str, Amounts]:
    """What each undertaking gets as a whole: the latest total that a source states, or else its grants."""
    wholes: defaultdict[str, list[str]] = defaultdict(list)
    for part, whole in store.select(_PROGRAMMES_QUERY).rows:
        wholes[plain(part)].append(plain(whole))
    return _read_amounts(store, "", wholes)


def read_amounts_of(store: Store, undertakings: Iterable[str], programme: str = "") -> dict[str, Amounts]:
    """The same of these undertakings (IRIs), some hundred of them; with a ``programme`` what they get under
    it and under those that are part of it, by grants alone."""
    values = values_clause("undertaking", undertakings) + " "
    if programme:
        values += f"?funding <{TG}fundedUnder>/<{DCT}isPartOf>* {NamedNode(programme)} . "
    wholes: defaultdict[str, list[str]] = defaultdict(list)
    query = (
        f"SELECT DISTINCT ?programme ?whole WHERE {{ {{ SELECT DISTINCT ?programme {{ {values}"
        f"?funding <{TG}funds> ?undertaking ; <{TG}fundedUnder> ?programme }} }} "
        f"?programme <{DCT}isPartOf>+ ?whole }}"
    )
    for part, whole in store.select(query).rows:
        wholes[plain(part)].append(plain(whole))
    return _read_amounts(store, values, wholes, totals=not programme)


def _read_amounts(
    store: Store, values: str, wholes: Mapping[str, Sequence[str]], totals: bool = True
) -> dict[str, Amounts]:
    grants: defaultdict[str, list[StatedAmount]] = defaultdict(list)
    for row in store.select(_GRANTS_QUERY.replace(_VALUES, values)).rows:
        _, undertaking, amount, programme, start, end, qualifier, number = (plain(one) for one in row)
        if (value := decimal(amount)) is not None:
            programmes = (programme, *sorted(wholes.get(programme, ()))) if programme else ()
            grant = StatedAmount(value, qualifier_of(qualifier), programmes, start, end, number)
            grants[undertaking].append(grant)
    found = {undertaking: together(stated) for undertaking, stated in sorted(grants.items())}
    return found | _totals(store, values) if totals else found


def _totals(store: Store, values: str) -> dict[str, Amounts]:
    """The totals of the latest date; those without a date where no other has one."""
    stated: defaultdict[str, defaultdict[str, set[StatedAmount]]] = defaultdict(lambda: defaultdict(set))
    for row in store.select(_TOTALS_QUERY.replace(_VALUES, values)).rows:
        undertaking, amount, qualifier, date = (plain(one) for one in row)
        if (value := decimal(amount)) is not None:
            stated[undertaking][date].add(StatedAmount(value, qualifier_of(qualifier)))
    return {
        undertaking: Amounts(tuple(sorted(dated[max(dated, key=_by_date)], key=_by_amount)), TOTAL)
        for undertaking, dated in sorted(stated.items())
    }


def _by_date(date: str) -> tuple[tuple[int, int, int], str]:
    return chronological(date), date


def _by_amount(one: StatedAmount) -> tuple[Decimal, str]:
    return one.amount, one.qualifier


def sum_of_shares(
    shares: Mapping[tuple[str, str], Sequence[tuple[float, str]]], above: Mapping[str, frozenset[str]]
) -> tuple[int | float | None, list[str]]:
    """The stated shares of some organisations in some undertakings, added to compare or to draw by.

    ``shares`` has, by organisation and undertaking, amounts with qualifiers, of which the largest counts.
    A share in a part of another undertaking, in which the same organisation has one, counts in that one
    alone; ``above`` are the undertakings that each is part of. Returns None where no share is stated, and
    the qualifiers of all that was added.
    """
    added = [
        max(stated)
        for (organisation, undertaking), stated in sorted(shares.items())
        if stated and not any(shares.get((organisation, one)) for one in above.get(undertaking, ()))
    ]
    total = sum((Decimal(str(amount)) for amount, _ in added), Decimal(0))
    return (as_number(total) if added else None), sorted({qualifier for _, qualifier in added})
