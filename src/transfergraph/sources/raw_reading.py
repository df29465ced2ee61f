"""A share of the members of raw files, read to a CSV file for each raw table: what one process does."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from transfergraph.config.raw_files import RawTable
from transfergraph.findings import Finding, Place, Severity
from transfergraph.sources.archive_members import ArchiveLimits, Member, matches, members_of
from transfergraph.sources.organisation_names import addresses_person, names_organisation
from transfergraph.sources.raw_rows import RawReader
from transfergraph.tables.csv_reader import fault

ORIGIN = ("_member", "_file", "_row")
"""The columns before those of a raw table: which member, its name, and the row in it."""

_TOLD = 20  # findings of one kind in one file, and of one kind of members in one archive


@dataclass(frozen=True, slots=True)
class RawTask:
    """What to read: files by their names for people, tables, limits; and this process's ``share``, from 0, of
    all ``shares``. The rows go to ``folder/<table>.csv``."""

    source: str
    files: Mapping[str, Path]
    tables: Mapping[str, RawTable]
    limits: ArchiveLimits
    folder: Path
    share: int = 0
    shares: int = 1


@dataclass(slots=True)
class RawShare:
    """What was read: rows by table, members by file, what was found, how many more of each kind there were,
    and of the rows that were left out because they name no organisation the number, the sums, and how many
    cells of these are no amounts."""

    rows: Counter[str] = field(default_factory=Counter)
    members: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    more: Counter[tuple[str, str]] = field(default_factory=Counter)
    withheld: Counter[tuple[str, str]] = field(default_factory=Counter)
    sums: defaultdict[tuple[str, str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    no_amounts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    texts: Counter[tuple[str, str]] = field(default_factory=Counter)


def read_share(task: RawTask) -> RawShare:
    """Read the share; the first share tells what is found of archives themselves."""
    read = RawShare()
    told: Counter[tuple[str, str]] = Counter()
    with ExitStack() as opened:
        writers = {name: _writer(task.folder / f"{name}.csv", opened) for name in task.tables}
        for number, file, member, reader in _members(task, read, told):
            read.members[file] += 1
            for found in reader.rows(member, task.files[file]):
                if isinstance(found, Finding):
                    _tell(found, file, read, told)
                    continue
                name, row, cells = found
                if _is_withheld(task.tables[name], name, member.name, cells, read):
                    continue
                cells = _without_persons(task.tables[name], name, member.name, cells, read)
                read.rows[name] += 1
                writers[name].writerow((number, member.name, row, *cells))
    return read


def _writer(file: Path, opened: ExitStack) -> Any:
    stream = opened.enter_context(file.open("w", encoding="utf-8", newline="", errors="replace"))
    return csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)


def _members(
    task: RawTask, read: RawShare, told: Counter[tuple[str, str]]
) -> Iterator[tuple[int, str, Member, RawReader]]:
    """The members of this share, each with its number and what reads it."""
    number = 0
    for file, path in task.files.items():
        of_file = {name: one for name, one in task.tables.items() if matches(path.name, one.files)}
        if not of_file:
            continue
        wanted = _wanted(of_file)
        for found in members_of(path, file, task.source, wanted, task.limits):
            if isinstance(found, Finding):
                if task.share == 0:
                    _tell(found, file, read, told)
                continue
            number += 1
            if number % task.shares == task.share:
                for reader in _readers(task.source, of_file, found, file):
                    yield number, file, found, reader


def _wanted(tables: Mapping[str, RawTable]) -> Any:
    patterns = {one.members for one in tables.values()}
    return lambda name: any(matches(name, pattern) for pattern in patterns)


def _readers(source: str, tables: Mapping[str, RawTable], member: Member, file: str) -> list[RawReader]:
    """A reader for the tables of each format that this member has rows of."""
    name = member.name.removeprefix(f"{file}!/").removesuffix(".gz").removesuffix(".zst")
    mine = {key: one for key, one in tables.items() if matches(name, one.members)}
    kinds = sorted({one.format for one in mine.values()})
    return [
        RawReader(source, {key: one for key, one in mine.items() if one.format == kind}) for kind in kinds
    ]


def _tell(found: Finding, file: str, read: RawShare, told: Counter[tuple[str, str]]) -> None:
    key = (found.code, file)
    told[key] += 1
    if told[key] > _TOLD:
        read.more[key] += 1
    else:
        read.findings.append(found)


def _is_withheld(table: RawTable, name: str, file: str, cells: Sequence[str], read: RawShare) -> bool:
    """Whether a row names no organisation; then nothing of it is kept but what is counted and added up."""
    if table.organisations_in is None:
        return False
    columns = list(table.columns)
    if names_organisation(cells[columns.index(table.organisations_in)]):
        return False
    read.withheld[name, file] += 1
    for column in table.sums:
        amount = _number(cells[columns.index(column)], table.decimal)
        if amount is None:
            read.no_amounts[name, file, column] += 1
        else:
            read.sums[name, file, column] += amount
    return True


def _without_persons(
    table: RawTable, name: str, file: str, cells: Sequence[str], read: RawShare
) -> Sequence[str]:
    """The cells without the texts that address a person."""
    if not table.addressed:
        return cells
    kept = list(cells)
    for index, column in enumerate(table.columns):
        if column in table.addressed and addresses_person(kept[index]):
            kept[index] = ""
            read.texts[f"{name}.{column}", file] += 1
    return kept


def _number(cell: str, decimal: str) -> Decimal | None:
    """The amount in a cell, whatever stands around it; None where there is none, or it cannot be read."""
    digits = "".join(one for one in cell if one.isdigit() or one in f"-{decimal}").replace(",", ".")
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def told_of(source: str, shares: Sequence[RawShare]) -> Iterator[Finding]:
    """Everything that was found in all shares, with how much more there was of each kind."""
    for one in shares:
        yield from one.findings
    for (code, file), count in sorted(sum((one.more for one in shares), Counter()).items()):
        yield fault(
            "source.more-of-a-kind", Place(source, file), severity=Severity.WARNING, kind=code, count=count
        )
    for (name, file), count in sorted(sum((one.texts for one in shares), Counter()).items()):
        place = Place(source, file)
        yield fault("source.withheld-text", place, severity=Severity.INFO, count=count, column=name)
    sums: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for one in shares:
        for key, amount in one.sums.items():
            sums[key] += amount
    no_amounts = sum((one.no_amounts for one in shares), Counter())
    for (name, file), count in sorted(sum((one.withheld for one in shares), Counter()).items()):
        columns = sorted(key for key in sums.keys() | no_amounts.keys() if key[:2] == (name, file))
        amounts = [f"{key[2]} {sums[key]}" for key in columns]
        place, info = Place(source, file), Severity.INFO
        yield fault("source.withheld", place, severity=info, count=count, table=name, sums=amounts or ["-"])
        for key in columns:
            if unread := no_amounts[key]:
                yield fault("source.withheld-amount", place, severity=info, count=unread, column=key[2])
