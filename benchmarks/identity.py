"""How well rows of organisations are told apart: ``python -m benchmarks.identity [DATA]``.

Precision and recall of the automatic decisions ("same" without being asked) on pairs that were labelled by
hand from Saxon lists (``tests/identity/gold_pairs.csv``), beside an exact join of the names and rapidfuzz.
Thresholds are chosen on one half of the pairs, by a seed, and reported on the other. With the folder of the
open data the affiliations of ROR as well: 10,000 strings, of which those count whose organisation is there.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from transfergraph.identity.candidate_pairs import pair_candidates
from transfergraph.identity.comparable_names import GIVEN, compare_names
from transfergraph.identity.name_macros import create_macros
from transfergraph.identity.pair_evidence import weigh_evidence
from transfergraph.identity.pair_outcome import Thresholds, judge

GOLD = Path(__file__).resolve().parent.parent / "tests" / "identity" / "gold_pairs.csv"
SEED = 20
PRECISION = 0.98

Record = tuple[str, str, Sequence[str], Sequence[str], Sequence[str]]
"""Source, key, names, other names, towns."""


_WHOLE = 0.3  # what a whole organisation of an exact name is put before its parts


class Scored(NamedTuple):
    """A labelled pair with the score of a method."""

    score: float
    same: bool


class Quality(NamedTuple):
    """Of the pairs at or above a threshold."""

    precision: float
    recall: float
    threshold: float


def quality(pairs: Sequence[Scored], threshold: float) -> Quality:
    """Precision and recall at a threshold."""
    taken = [one.same for one in pairs if one.score >= threshold]
    true = sum(one.same for one in pairs)
    return Quality(sum(taken) / len(taken) if taken else 1.0, sum(taken) / true, threshold)


def chosen(pairs: Sequence[Scored]) -> Quality:
    """The threshold with the greatest recall at the precision that is asked for, or else the most precise
    one.

    It lies in the middle between the least score that it takes and the next below.
    """
    scores = sorted({pair.score for pair in pairs})
    found = [quality(pairs, one) for one in scores]
    good = [one for one in found if one.precision >= PRECISION]
    best = max(good, key=lambda one: (one.recall, one.threshold)) if good else max(found)
    below = max((one for one in scores if one < best.threshold), default=best.threshold)
    return best._replace(threshold=(best.threshold + below) / 2)


def halves(count: int) -> tuple[list[int], list[int]]:
    """The numbers of the pairs in two halves."""
    numbers = list(range(count))
    random.Random(SEED).shuffle(numbers)
    return sorted(numbers[: count // 2]), sorted(numbers[count // 2 :])


def gold() -> list[dict[str, str]]:
    """The labelled pairs."""
    with GOLD.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def gold_records(pairs: Sequence[Mapping[str, str]]) -> dict[tuple[str, str], Record]:
    """The records of the pairs, each once."""
    found: dict[tuple[str, str], Record] = {}
    for pair in pairs:
        for side in ("first", "second"):
            source, name = pair[f"{side}_source"], pair[f"{side}_name"]
            towns = pair[f"{side}_towns"].split("; ")
            found[source, name] = (source, pair[f"{side}_id"] or name, [name], [], towns)
    return found


def compared(records: Sequence[Record]) -> duckdb.DuckDBPyConnection:
    """A database with the evidence for the records, which are numbered in their order."""
    connection = duckdb.connect()
    create_macros(connection)
    connection.execute(GIVEN)
    columns: list[list[Any]] = [list(column) for column in zip(*records, strict=True)]
    connection.execute(
        "INSERT INTO identity_given SELECT row_number() OVER () - 1, s, 'organisations', 0, k, n, o, t, "
        "NULL, NULL, [], [] FROM (SELECT unnest(?) AS s, unnest(?) AS k, unnest(?::VARCHAR[][]) AS n, "
        "unnest(?::VARCHAR[][]) AS o, unnest(?::VARCHAR[][]) AS t)",
        columns,
    )
    compare_names(connection)
    pair_candidates(connection)
    weigh_evidence(connection)
    return connection


def own_scores(records: Mapping[tuple[str, str], Record], pairs: Sequence[Mapping[str, str]]) -> list[float]:
    """The score of each pair: 1.01 for an exact key, 0 for a veto and what is no candidate.

    Pairs of one source are treated as those of two: the question is what the names say.
    """
    connection = compared(list(records.values()))
    connection.execute("UPDATE identity_evidence SET same_source = false, one_key = false")
    judge(connection, Thresholds(same=0.0, ask=0.0))
    rows = connection.execute(
        "SELECT a, b, CASE WHEN rule = 'same-name' THEN 1.01 WHEN rule = 'alike' THEN score ELSE 0 END "
        "FROM identity_judged"
    ).fetchall()
    known = {frozenset((a, b)): float(score) for a, b, score in rows}
    number = {key: place for place, key in enumerate(records)}
    return [known.get(frozenset(number[one] for one in _sides(pair)), 0.0) for pair in pairs]


def _sides(pair: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from ((pair[f"{side}_source"], pair[f"{side}_name"]) for side in ("first", "second"))


def exact_join(first: str, second: str) -> float:
    """A plain join of the names, without regard to case and spaces at the ends."""
    return float(first.strip().casefold() == second.strip().casefold())


def methods() -> dict[str, Callable[[str, str], float]]:
    """What is compared with: rapidfuzz where it is installed."""
    found: dict[str, Callable[[str, str], float]] = {"exact join of names": exact_join}
    if find_spec("rapidfuzz") is not None:
        from rapidfuzz import fuzz, utils

        def fuzzy(scorer: Callable[..., float]) -> Callable[[str, str], float]:
            return lambda one, other: scorer(one, other, processor=utils.default_process)

        for name in ("ratio", "token_sort_ratio", "token_set_ratio", "WRatio"):
            found[f"rapidfuzz {name}"] = fuzzy(getattr(fuzz, name))
    return found


def report_gold() -> None:
    """Print each method's threshold on one half and what it comes to on the other, and the curve of ours."""
    pairs = gold()
    labels = [pair["label"] == "same" for pair in pairs]
    began = time.process_time()
    scored = {"transfergraph": own_scores(gold_records(pairs), pairs)}
    print(f"{len(pairs)} pairs, {sum(labels)} of them the same; {time.process_time() - began:.1f} CPU s")
    for name, method in methods().items():
        scored[name] = [method(pair["first_name"], pair["second_name"]) for pair in pairs]
    one, other = halves(len(pairs))
    print("| method | threshold, chosen on one half | precision | recall, on the other |\n|---|---|---|---|")
    for name, scores in scored.items():
        told = [Scored(score, same) for score, same in zip(scores, labels, strict=True)]
        choice = chosen([told[place] for place in one])
        found = quality([told[place] for place in other], choice.threshold)
        print(f"| {name} | {choice.threshold:.3f} | {found.precision:.3f} | {found.recall:.3f} |")
    ours = [Scored(s, same) for s, same in zip(scored["transfergraph"], labels, strict=True)]
    built_in = quality([ours[place] for place in other], Thresholds().same)
    precision, recall = f"{built_in.precision:.3f}", f"{built_in.recall:.3f}"
    print(f"| transfergraph, as built in | {built_in.threshold} | {precision} | {recall} |")
    print("\n| threshold | precision | recall |\n|---|---|---|")
    for threshold in (1.01, 0.98, 0.96, 0.93, 0.9, 0.87, 0.84, 0.8, 0.76, 0.72, 0.6):
        found = quality(ours, threshold)
        print(f"| {threshold:.2f} | {found.precision:.3f} | {found.recall:.3f} |")


class Known(NamedTuple):
    """An organisation of ROR as it is compared, its country, and whether it is a part of another."""

    record: Record
    country: str
    is_part: bool


def ror_records(data: Path) -> Iterator[Known]:
    """The organisations of both files, of schema 1 and 2."""
    for name in ("ror_germany", "ror_continental_eu_without_de"):
        with gzip.open(data / "ror" / f"{name}.ndjson.gz", "rt", encoding="utf-8") as stream:
            for line in stream:
                told = json.loads(line)
                place = told["locations"][0]["geonames_details"] if "locations" in told else told["country"]
                parts = (one for one in told["relationships"] if one["type"].lower() == "parent")
                yield Known(_ror_record(told), place["country_name"].casefold(), any(parts))


def _ror_record(told: Mapping[str, Any]) -> Record:
    if "locations" in told:
        names = [one["value"] for one in told["names"] if {"label", "ror_display"} & set(one["types"])]
        others = [one["value"] for one in told["names"] if one["value"] not in names]
        towns = [one["geonames_details"]["name"] for one in told["locations"]]
    else:
        names = [told["name"], *(one["label"] for one in told["labels"])]
        others = [*told["aliases"], *told["acronyms"]]
        towns = [one["city"] for one in told["addresses"] if one["city"]]
    return "ror", told["id"], names, others, towns


def report_affiliations(data: Path) -> None:
    """Print precision and recall of the best organisation of each string, over thresholds.

    By the score alone; and with what a string says of the country, and the whole before its parts where it
    names both.
    """
    told = json.loads(
        (data / "ror" / "affiliation_gold_springer_2023-10-31.json").read_text(encoding="utf-8")
    )
    known = list(ror_records(data))
    ids = {one.record[1] for one in known}
    strings = [(one["input"], _answers(one)) for one in told["items"]]
    strings = [(text, found) for text, found in strings if found & ids]
    asked = [_affiliation(number, text) for number, (text, _) in enumerate(strings)]
    began = time.process_time()
    connection = compared([*asked, *(one.record for one in known)])
    spent = time.process_time() - began
    rows = connection.execute(
        f"SELECT a, b - {len(asked)}, same_key, score, weight FROM identity_evidence "
        f"WHERE a < {len(asked)} AND b >= {len(asked)}"
    ).fetchall()
    print(f"\n{len(strings)} affiliations with an organisation in the files; {spent:.1f} CPU s")
    countries = {one.country for one in known}
    named = [{one for one in countries if one in part.casefold()} for part, _ in strings]
    plain: dict[int, tuple[float, float, int]] = {}
    choosy: dict[int, tuple[float, float, int]] = {}
    for a, b, same_key, score, weight in rows:
        value = float(score) + 2 * same_key
        plain[a] = max(plain.get(a, (0.0, 0.0, 0)), (value, float(weight), b))
        if not named[a] or known[b].country in named[a]:
            value += _WHOLE * (same_key and not known[b].is_part)
            choosy[a] = max(choosy.get(a, (0.0, 0.0, 0)), (value, float(weight), b))
    for name, best in (("score", plain), ("score, country, whole before part", choosy)):
        print(f"{name}\n| threshold | precision | recall |\n|---|---|---|")
        for threshold in (2.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55):
            taken = [(strings[a][1], b) for a, (value, _, b) in best.items() if value >= threshold]
            right = sum(known[b].record[1] in answers for answers, b in taken)
            print(f"| {threshold:.2f} | {right / max(1, len(taken)):.3f} | {right / len(strings):.3f} |")


def _answers(item: Mapping[str, Any]) -> set[str]:
    return {str(one) for one in item["output"]}


def _affiliation(number: int, text: str) -> Record:
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    return "affiliations", str(number), parts, [], parts


def main() -> None:
    """Print what is measured."""
    report_gold()
    if len(sys.argv) > 1:
        report_affiliations(Path(sys.argv[1]))
    print(f"\nmost memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
