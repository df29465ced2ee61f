"""The rows of an invented cooperation network: a function for each canonical table, named like it.

Each table draws from a random generator of its own, so that one table never shifts another.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from benchmarks.words import FORMS, PURPOSES, SUBJECTS, TOWNS, Pair

PARTNERS = range(2, 41)
EXPONENT = 2.42
ACTIVITY = 0.8
STATES, GOVERNMENT_REGIONS, DISTRICTS = 16, 40, 343
PROGRAMMES = 50
FUNDERS = 12
TOPICS = 240
GRANT, SHARE = 12.5, 8.0
COORDINATOR = "coordinator"

_OFTEN_ONE = (1, 1, 1, 1, 2)
_MOSTLY_ONE = (1, 1, 1, 1, 1, 1, 1, 2)
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Row = Mapping[str, object]


@dataclass(frozen=True)
class Network:
    """The size of each table, the keys of the concepts of each scheme, and the measures that are money."""

    seed: int
    projects: int
    schemes: Mapping[str, Sequence[str]]
    money: frozenset[str]

    @cached_property
    def organisations(self) -> int:
        """A fifth of the projects, but never fewer than the largest consortium needs."""
        return max(PARTNERS.stop, self.projects // 5)

    @cached_property
    def alliances(self) -> int:
        """At least two."""
        return max(2, self.projects // 500)

    @cached_property
    def places(self) -> int:
        """At least one in each district."""
        return max(DISTRICTS, self.projects // 50)

    @cached_property
    def sources(self) -> int:
        """Reports that the rows cite."""
        return max(5, self.projects // 200)

    @cached_property
    def terms(self) -> Sequence[Mapping[str, str]]:
        """Programme and period of each project, which its grant shares."""
        draw = _Draw(self, "terms of projects")
        return [{"programme": draw.programme(), **draw.period()} for _ in range(self.projects)]


class _Draw:
    """What the rows of one table draw by chance."""

    def __init__(self, network: Network, table: str) -> None:
        self.network = network
        self.chance = random.Random(f"{network.seed} {table}")

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def concept(self, scheme: str) -> str:
        return self.chance.choice(self.network.schemes[scheme])

    def source(self) -> str:
        return f"report-{self.chance.randrange(self.network.sources):04}"

    def programme(self) -> str:
        return f"programme-{self.chance.randrange(PROGRAMMES):02}"

    def place(self) -> str:
        return f"place-{self.chance.randrange(self.network.places):05}"

    def organisation(self) -> str:
        return _organisation(self.chance.randrange(self.network.organisations))

    def alliance(self) -> str:
        return f"alliance-{self.chance.randrange(self.network.alliances):04}"

    def topics(self) -> str:
        some = self.chance.sample(range(TOPICS), self.chance.choice(_OFTEN_ONE))
        return ";".join(f"topic-{n:03}" for n in sorted(some))

    def regions(self) -> str:
        some = self.chance.sample(range(DISTRICTS), self.chance.choice(_MOSTLY_ONE))
        return ";".join(f"district-{n:03}" for n in sorted(some))

    def period(self) -> dict[str, str]:
        """Start and end in EDTF level 0, as exact as each other; a few have no end."""
        first = self.chance.randrange(2000, 2025)
        form = self.chance.choice(("{}", "{}-{:02}", "{}-{:02}-{:02}"))
        start, end = (
            form.format(year, self.chance.randrange(1, 13), self.chance.randrange(1, 29))
            for year in (first, first + self.chance.randrange(1, 6))
        )
        return {"start": start, "end": "" if self.often(0.1) else end}

    def amount(self, middle: float) -> dict[str, str]:
        cents = self.chance.choice(("", "", "", ".5", ".25", ".75"))
        return {
            "amount": f"{int(self.chance.lognormvariate(middle, 1.0))}{cents}",
            "currency": "EUR",
            "qualifier": self.concept("qualifier"),
        }

    def description(self, share: float) -> dict[str, str]:
        if not self.often(share):
            return {}
        subject, purpose = self.chance.choice(SUBJECTS), self.chance.choice(PURPOSES)
        return {
            "description_de": f"Entwickelt und erprobt Neues zum Thema {subject[0]} für {purpose[0]}.",
            "description_en": f"Develops and tests something new in {subject[1]} for {purpose[1]}.",
        }


def _organisation(number: int) -> str:
    return f"organisation-{number:05}"


def _names(first: Pair, second: Pair, number: int) -> dict[str, str]:
    return {
        "name_de": f"{first[0]} {second[0]} {number}",
        "name_en": f"{first[1]} {second[1]} {number}",
    }


def alliances(network: Network) -> Iterator[Row]:
    draw = _Draw(network, "alliances")
    for n in range(network.alliances):
        subject = draw.chance.choice(SUBJECTS)
        yield {
            "id": f"alliance-{n:04}",
            **_names(("Bündnis", "Alliance"), subject, n),
            "alternative_names": f"AL{n};Alliance {n}",
            **draw.description(1.0),
            "programme": draw.programme(),
            "place": draw.place(),
            "regions": draw.regions(),
            "topics": draw.topics(),
            "start": draw.chance.randrange(1990, 2000),
            "website": f"https://alliance-{n}.example.org/",
            "source": draw.source(),
        }


def projects(network: Network) -> Iterator[Row]:
    draw = _Draw(network, "projects")
    for n in range(network.projects):
        subject = draw.chance.choice(SUBJECTS)
        yield {
            "id": f"project-{n:06}",
            "kind": draw.concept("project-kind"),
            **_names(("Verbund", "Consortium"), subject, n),
            "alternative_names": f"{subject[1][:4].upper()}{n}" if draw.often(0.05) else "",
            **draw.description(0.98),
            "part_of": draw.alliance() if draw.often(0.05) else "",
            **network.terms[n],
            "place": draw.place() if draw.often(0.4) else "",
            "regions": draw.regions(),
            "topics": draw.topics(),
            "source": ";".join(
                sorted({draw.source(), draw.source()} if draw.often(0.1) else {draw.source()})
            ),
        }


def labs(network: Network) -> Iterator[Row]:
    draw = _Draw(network, "labs")
    for n in range(network.alliances):
        subject = draw.chance.choice(SUBJECTS)
        yield {
            "id": f"lab-{n:04}",
            **_names(("Werkstatt", "Lab"), subject, n),
            **draw.description(1.0),
            "part_of": draw.alliance(),
            "place": draw.place(),
            "topics": draw.topics(),
            "source": draw.source(),
        }


def organisations(network: Network) -> Iterator[Row]:
    draw = _Draw(network, "organisations")
    for n in range(network.organisations):
        form, town = draw.chance.choice(FORMS), draw.chance.choice(TOWNS)
        whole = draw.chance.randrange(n) if n > FUNDERS and draw.often(0.1) else None
        yield {
            "id": _organisation(n),
            "kind": draw.concept("organisation-kind"),
            **_names(form, town, n),
            "alternative_names": f"{form[0][:2].upper()}{town[0][:2].upper()}{n}" if draw.often(0.3) else "",
            **draw.description(0.1),
            "part_of": "" if whole is None else _organisation(whole),
            "place": draw.place(),
            "ror": _ror(n) if draw.often(0.3) else "",
            "website": f"https://organisation-{n}.example.org/" if draw.often(0.5) else "",
            "source": draw.source(),
        }


def _ror(number: int) -> str:
    """Six digits of Crockford's base 32 after a zero, and the checksum of ISO/IEC 7064 (MOD 97-10)."""
    text, rest = "", number
    for _ in range(6):
        rest, digit = divmod(rest, 32)
        text = _CROCKFORD[digit] + text
    return f"0{text}{98 - (number * 100) % 97:02}"


def participations(network: Network) -> Iterator[Row]:
    """Two to forty partners by a Zipf law, drawn by an activity that falls with their rank.

    The first partner coordinates. Before chance decides, the organisations are dealt once over all
    projects, so that none takes part in nothing.
    """
    draw = _Draw(network, "participations")
    deck = list(range(network.organisations))
    draw.chance.shuffle(deck)
    activity = list(accumulate(rank**-ACTIVITY for rank in range(1, len(deck) + 1)))
    sizes = list(accumulate(size**-EXPONENT for size in PARTNERS))
    roles = [role for role in network.schemes["role"] if role != COORDINATOR]
    undertakings = [f"project-{n:06}" for n in range(network.projects)]
    undertakings += [f"alliance-{n:04}" for n in range(network.alliances)]
    for n, undertaking in enumerate(undertakings):
        partners = dict.fromkeys(deck[n :: network.projects] if n < network.projects else ())
        size = max(draw.chance.choices(PARTNERS, cum_weights=sizes)[0], len(partners))
        while len(partners) < size:
            partners.update(dict.fromkeys(draw.chance.choices(deck, cum_weights=activity, k=size)))
        for place, organisation in enumerate(list(partners)[:size]):
            yield {
                "undertaking": undertaking,
                "organisation": _organisation(organisation),
                "role": draw.chance.choice(roles) if place else COORDINATOR,
                **(draw.amount(SHARE) if draw.often(0.04) else {}),
                "source": draw.source(),
            }


def programmes(network: Network) -> Iterator[Row]:
    draw = _Draw(network, "programmes")
    for n in range(PROGRAMMES):
        funders = sorted(draw.chance.sample(range(FUNDERS), draw.chance.choice((1, 1, 2))))
        yield {
            "id": f"programme-{n:02}",
            **_names(("Förderung", "Funding"), draw.chance.choice(SUBJECTS), n),
            "alternative_names": f"FP{n}",
            **draw.description(1.0),
            "funders": ";".join(_organisation(funder) for funder in funders),
            "part_of": f"programme-{draw.chance.randrange(n):02}" if n and draw.often(0.3) else "",
            "website": f"https://programme-{n}.example.org/",
            "source": draw.source(),
        }


def fundings(network: Network) -> Iterator[Row]:
    draw = _Draw(network, "fundings")
    for n in range(network.projects):
        if draw.often(0.2):
            yield {
                "id": f"grant-{n:06}",
                "undertaking": f"project-{n:06}",
                **network.terms[n],
                "grant_number": f"{draw.chance.randrange(100):02}ZZ{n:06}",
                **draw.amount(GRANT),
                "source": draw.source(),
            }


def regions(network: Network) -> Iterator[Row]:
    """One country, and below it three levels of which each region has a NUTS code."""
    draw = _Draw(network, "regions")
    state = [f"ZZ{digit}" for digit in _DIGITS[:STATES]]
    wide = [f"{state[n % STATES]}{_DIGITS[n // STATES]}" for n in range(GOVERNMENT_REGIONS)]
    narrow = [f"{wide[n % GOVERNMENT_REGIONS]}{_DIGITS[n // GOVERNMENT_REGIONS]}" for n in range(DISTRICTS)]
    levels = (("country", ["ZZ"]), ("state", state), ("wide", wide), ("district", narrow))
    keys = {code: f"{level}-{n:03}" for level, codes in levels for n, code in enumerate(codes)}
    for code, key in keys.items():
        yield {
            "id": key,
            "kind": "country" if code == "ZZ" else f"nuts-{len(code) - 2}",
            **_names(("Region", "Region"), draw.chance.choice(TOWNS), int(key[-3:])),
            "nuts": code,
            "part_of": keys.get(code[:-1], ""),
            "source": draw.source(),
        }


def places(network: Network) -> Iterator[Row]:
    draw = _Draw(network, "places")
    for n in range(network.places):
        yield {
            "id": f"place-{n:05}",
            **_names(draw.chance.choice(TOWNS), ("an der Aue", "on the Lea"), n),
            "region": f"district-{n % DISTRICTS:03}",
            "ags": f"{n + 1_000_000:08}",
            "lat": f"{draw.chance.uniform(50, 52):.4f}".rstrip("0"),
            "long": f"{draw.chance.uniform(11, 15):.4f}".rstrip("0"),
            "source": draw.source(),
        }


def topics(network: Network) -> Iterator[Row]:
    draw = _Draw(network, "topics")
    for n in range(TOPICS):
        yield {
            "id": f"topic-{n:03}",
            **_names(draw.chance.choice(SUBJECTS), draw.chance.choice(SUBJECTS), n),
            "broader": f"topic-{draw.chance.randrange(n):03}" if n and draw.often(0.5) else "",
            "field": draw.concept("field"),
            "source": draw.source(),
        }


def events(network: Network) -> Iterator[Row]:
    draw = _Draw(network, "events")
    for n in range(network.alliances):
        yield {
            "id": f"event-{n:04}",
            "kind": draw.concept("event-kind"),
            **_names(("Treffen", "Meeting"), draw.chance.choice(SUBJECTS), n),
            **draw.description(0.5),
            "undertaking": f"alliance-{n:04}",
            "organiser": draw.organisation(),
            **draw.period(),
            "source": draw.source(),
        }


def aims(network: Network) -> Iterator[Row]:
    draw = _Draw(network, "aims")
    for n in range(network.alliances):
        yield {
            "id": f"aim-{n:04}",
            "undertaking": draw.alliance(),
            **_names(("Stärkt", "Strengthens"), draw.chance.choice(SUBJECTS), n),
            "source": draw.source(),
        }


def statements(network: Network) -> Iterator[Row]:
    draw = _Draw(network, "statements")
    for n in range(2 * network.alliances):
        measure, number = draw.concept("measure"), draw.chance.randrange(1, 200)
        is_money = measure in network.money
        yield {
            "id": f"statement-{n:05}",
            "undertaking": f"alliance-{n // 2:04}",
            "measure": measure,
            "qualifier": draw.concept("qualifier"),
            **({"amount": number, "currency": "EUR"} if is_money else {"value": number}),
            "as_of": draw.period()["start"],
            "note_de": "Wörtlich: „mehr als 40 Partner“",
            "note_en": 'Verbatim: "more than 40 partners"',
            "source": draw.source(),
        }


def sources(network: Network) -> Iterator[Row]:
    for n in range(network.sources):
        yield {
            "id": f"report-{n:04}",
            **_names(("Bericht", "Report"), ("Nummer", "number"), n),
            "url": f"https://reports.example.org/{n}",
            "publisher": "Invented Reports",
            "retrieved": "2026-01-31",
            "licence": "https://creativecommons.org/publicdomain/zero/1.0/",
        }


def former_undertakings(network: Network) -> Iterator[Row]:
    draw = _Draw(network, "former undertakings")
    for n in range(network.alliances):
        yield {"id": f"former-alliance-{n:04}", "replaced_by": draw.alliance()}


def former_organisations(network: Network) -> Iterator[Row]:
    draw = _Draw(network, "former organisations")
    for n in range(network.alliances):
        yield {"id": f"former-organisation-{n:04}", "replaced_by": draw.organisation()}


TABLES: Mapping[str, Callable[[Network], Iterator[Row]]] = {
    make.__name__: make
    for make in (
        *(alliances, projects, labs, organisations, participations, programmes, fundings),
        *(regions, places, topics, events, aims, statements, sources),
        *(former_undertakings, former_organisations),
    )
}
