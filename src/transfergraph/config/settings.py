"""``transfergraph.toml`` as frozen values: the fields say which keys there are and what they may hold.

The code lists of ``[catalogue]`` are those of DCAT-AP 3.0.1 and DCAT-AP.de 3.0, see
:mod:`transfergraph.config.code_tables`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, NamedTuple

from msgspec import Meta, field

from transfergraph.common.processes import QueryLimits
from transfergraph.common.text import Languages, Text, column_name, is_language
from transfergraph.config.code_tables import CONTRIBUTORS, GERMAN_LICENCES, read_codes
from transfergraph.config.site_settings import MapSettings, SiteSettings
from transfergraph.config.strict_toml import (
    PER_LANGUAGE,
    Address,
    Count,
    Day,
    Flag,
    Folder,
    Line,
    TomlTable,
    Words,
    example,
    read_toml,
    web_address,
)
from transfergraph.messages import explained

VERSION = re.compile(r"(?=.{1,64}\Z)[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")
"""The number of a version, in full: it becomes a part of paths and IRIs as it is."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_KEYWORD = re.compile(r"[\w .-]{2,100}")
_USUAL = ("de", "en")
_HOST = re.compile(r"(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")

Mail = Annotated[
    str,
    Meta(
        pattern=r"\A[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+\Z",
        description="error.setting.mail",
    ),
    example("open-data@agency.example"),
]


def _code_of(name: str) -> Callable[[str], str]:
    """A check that a value is a code of that table."""

    def check(value: str) -> str:
        table = read_codes().tables[name]
        if value not in table.codes:
            known = ", ".join(sorted(table.labels)[:40])
            raise ValueError(explained("error.setting.code", prefix=table.prefix, known=known))
        return value

    return check


def _languages(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not is_language(value):
            raise ValueError(explained("error.setting.language", value=value))
    return values


def _themes(values: tuple[str, ...]) -> tuple[str, ...]:
    known = read_codes().tables["data-theme"].codes
    if unknown := [value for value in values if value not in known]:
        raise ValueError(
            explained("error.setting.themes", unknown=", ".join(unknown), known=", ".join(sorted(known)))
        )
    return values


def _keywords(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not _KEYWORD.fullmatch(value) or value != value.strip():
            better = " ".join(re.sub(r"[^\w.-]+", " ", value).split())[:100].strip()
            if _KEYWORD.fullmatch(better):
                raise ValueError(explained("error.setting.keyword-better", value=value, better=better))
            raise ValueError(explained("error.setting.keyword", value=value))
    return values


def _laws(values: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(web_address(value) for value in values)
    except ValueError as error:
        raise ValueError(explained("error.setting.legislation", error=error)) from error


def _high_value(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_code_of("high-value-category"), values))


def _german_licence(value: str) -> str:
    table = read_codes().tables["german-licence"]
    if value not in table:
        known = ", ".join(sorted(read_codes().licences))
        raise ValueError(explained("error.setting.licence", prefix=table.prefix, known=known))
    return value


def _contributor(value: str) -> str:
    if value not in read_codes().tables["contributor"]:
        raise ValueError(explained("error.setting.contributor"))
    return value


def _hosts(values: tuple[str, ...]) -> tuple[str, ...]:
    for host in values:
        if not _HOST.fullmatch(host.lower()):
            raise ValueError(explained("error.setting.host", host=host))
    return tuple(host.lower() for host in values)


def _networks(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        try:
            ipaddress.ip_network(value)
        except ValueError as error:
            raise ValueError(explained("error.setting.network", value=value)) from error
    return values


class Box(NamedTuple):
    """A bounding box in degrees of WGS 84: longitudes -180..180, latitudes -90..90."""

    west: float
    south: float
    east: float
    north: float


def _box(box: Box) -> Box:
    if not (-180 <= box.west < box.east <= 180 and -90 <= box.south < box.north <= 90):
        raise ValueError(explained("error.setting.box"))
    return box


class Area(TomlTable, frozen=True):
    """The area that the data is about, ``[catalogue.place]``.

    ``iri`` is its GeoNames or EU identifier, ``nuts`` its NUTS code, ``state`` the two digits of a German
    state in the official municipality key; the last two are None outside Germany or below a state.
    """

    iri: Annotated[Address, example("https://sws.geonames.org/0/")]
    name: Annotated[Text, example("Name of the region")]
    box: Annotated[
        Box,
        Meta(description="error.setting.four-numbers"),
        _box,
        example([10.0, 50.0, 12.0, 52.0]),
    ]
    nuts: Annotated[
        Annotated[str, Meta(pattern=r"\A[A-Z]{2}[A-Z0-9]{0,3}\Z", description="error.setting.nuts")] | None,
        example("CZ0"),
    ] = None
    state: Annotated[Line | None, _code_of("state-key"), example("09")] = None


class CatalogueSettings(TomlTable, frozen=True):
    """What open-data portals require and the data does not hold, ``[catalogue]``.

    ``licence`` is an IRI of the German list of licences, or None for what that list calls the licence of the
    graph, ``contributor`` one of the list of contributors
    that GovData keeps, or None before one has been agreed. ``themes`` and ``frequency`` are codes of the EU
    tables, ``publisher_type`` one of ADMS, ``level`` one of politicalGeocoding/Level. ``attribution`` is the
    text that reusers must print; None where the licence asks for none. ``legislation`` are the laws that
    demand the publication, seldom any; ``high_value`` the categories of the Implementing Regulation (EU)
    2023/138 into which the data falls, codes of the EU table. ``public_url`` is where the current release is
    served, or None. ``german_2`` adds what DCAT-AP.de 2.0 demanded and 3.0 deprecates.
    """

    publisher_mail: Mail
    publisher_type: Annotated[Line, _code_of("publisher-type"), example("NonProfitOrganisation")]
    contact_name: Annotated[Line, example("Editors of the graph")]
    contact_mail: Mail
    themes: Annotated[Words, _themes, example(["TECH", "REGI"])]
    frequency: Annotated[Line, _code_of("frequency"), example("IRREG")]
    period_start: Annotated[Day, example(date(2018, 1, 1))]
    period_end: Annotated[Day, example(date(2025, 12, 31))]
    keywords: Annotated[Mapping[str, Words], PER_LANGUAGE, _keywords, example(["funding"])]
    area: Area = field(name="place")
    attribution: Annotated[Text | None, example("Name of the agency, CC BY 4.0")] = None
    licence: Annotated[Line | None, _german_licence, example(f"{GERMAN_LICENCES}/cc-by/4.0")] = None
    contact_page: Annotated[Address | None, example("https://agency.example/contact")] = None
    contributor: Annotated[Line | None, _contributor, example(f"{CONTRIBUTORS}/govData")] = None
    level: Annotated[Line | None, _code_of("geocoding-level"), example("state")] = None
    legislation: Annotated[Words, _laws, example(["http://data.europa.eu/eli/dir/2019/1024/oj"])] = ()
    high_value: Annotated[Words, _high_value, example(["c_e1da4e07"])] = ()
    public_url: Annotated[Folder | None, example("https://data.agency.example/graph/")] = None
    german_2: Annotated[Flag, example(False)] = field(default=False, name="german_2_conventions")

    def __post_init__(self) -> None:
        if self.period_end < self.period_start:
            raise ValueError(
                explained(
                    "error.setting.period",
                    start=self.period_start,
                    example=self.period_start.replace(month=12, day=31),
                )
            )

    @property
    def period(self) -> tuple[date, date]:
        """The first and the last day that the data is about."""
        return self.period_start, self.period_end


class ServerSettings(TomlTable, frozen=True):
    """The limits of the SPARQL endpoint, and what the machine may spend on it: ``[server]``.

    ``workers``: heavy queries that run at once, and light ones beside them. ``time_seconds``: computing
    time of one query. ``result_megabytes``: MiB of one answer, before compression, after which it is cut;
    both go into the release, which keeps them.
    ``memory_megabytes``: MiB that one query may take beyond what an idle worker holds. ``queue``: queries
    that may wait. ``query_kilobytes``: KiB of one query text. ``memory_triples``: graphs up to this size
    are held in memory, shared by all workers; larger ones stay on disk. ``cache_megabytes``: MiB of
    answers that are kept until the next release. ``spool_megabytes``: MiB of large answers that may lie in
    temporary files until their clients have read them, ``client_spool_megabytes`` those of one client.
    ``read_kilobytes``: KiB that a client must take of an answer in a second. ``trusted_proxies``: whose
    ``X-Forwarded-*`` and ``Forwarded`` fields are believed. ``hosts``: the names under which the server
    answers where no public URL is set, lower case, each with its port unless that is the usual one; without
    any those of loopback. ``store``: the URL of a SPARQL server that holds the graph, None for the store of
    the release.
    """

    workers: Annotated[Count, example(2)] = 2
    time_seconds: Annotated[Count, example(30)] = 30
    result_megabytes: Annotated[Count, example(64)] = 64
    memory_megabytes: Annotated[Count, example(512)] = 512
    queue: Annotated[Count, example(64)] = 64
    query_kilobytes: Annotated[Count, example(64)] = 64
    memory_triples: Annotated[Count, example(100_000)] = 100_000
    cache_megabytes: Annotated[Count, example(32)] = 32
    spool_megabytes: Annotated[Count, example(512)] = 512
    client_spool_megabytes: Annotated[Count, example(128)] = 128
    read_kilobytes: Annotated[Count, example(16)] = 16
    trusted_proxies: Annotated[Words, _networks, example(["127.0.0.1", "10.0.0.0/8"])] = (
        "127.0.0.0/8",
        "::1/128",
    )
    hosts: Annotated[Words, _hosts, example(["data.agency.example", "10.0.0.5:8000"])] = ()
    store: Annotated[Address | None, example("https://sparql.agency.example/graph")] = None

    @property
    def proxies(self) -> tuple[Network, ...]:
        """The trusted proxies as networks."""
        return tuple(ipaddress.ip_network(value) for value in self.trusted_proxies)


class Limits(TomlTable, frozen=True):
    """What no input and no answer may exceed, ``[limits]``.

    ``consortium``: partners of one undertaking above which it ties nobody to anybody;
    ``cell_length``: characters; ``file_megabytes``: MiB of one unpacked input file;
    ``archive_megabytes``: MiB of all that an archive of raw files unpacks to;
    ``result_rows``: rows of an answer before it is cut, and says so;
    ``loss``: per cent of what the release before had that a release may lose;
    ``query_seconds`` and ``query_megabytes``: the time and the memory in MiB that a rule, a check, a shape or
    a question may take in a build.
    """

    consortium: Annotated[Count, example(40)]
    cell_length: Annotated[Count, example(10_000)]
    file_megabytes: Annotated[Count, example(512)]
    result_rows: Annotated[Count, example(100_000)]
    archive_megabytes: Annotated[Count, example(4096)] = 4096
    loss: Annotated[int, Meta(ge=0, le=100, description="error.setting.percent"), example(10)] = 10
    query_seconds: Annotated[Count, example(300)] = 300
    query_megabytes: Annotated[Count, example(2048)] = 2048

    @property
    def of_queries(self) -> QueryLimits:
        """What one query may take."""
        return QueryLimits(self.query_seconds, self.query_megabytes)


class IdentitySettings(TomlTable, frozen=True):
    """Which of several keys of one organisation holds, ``[identity]``.

    ``leading`` are names of sources, first the one whose keys come before those of all others; after them
    come the others by their names. A key that the release before had comes before all.
    """

    leading: Annotated[Words, example(["own-tables"])] = ()


class Settings(TomlTable, frozen=True):
    """The values of ``transfergraph.toml``; ``base`` is the IRI under which all data IRIs are minted.

    ``languages`` are those of names, descriptions and pages, first the one that stands first where several
    are shown. ``examples`` has the values with which a question is shown, by question and parameter; an
    entity by key. Without ``catalogue`` a release tells portals nothing beyond plain DCAT.
    """

    base: Annotated[Folder, example("https://data.agency.example/graph/")] = field(name="graph.base")
    title: Annotated[Text, example("Innovation landscape of the region")] = field(name="graph.title")
    description: Annotated[Text, example("What the graph holds, in one sentence.")] = field(
        name="graph.description"
    )
    licence: Annotated[Address, example("https://creativecommons.org/licenses/by/4.0/")] = field(
        name="graph.licence"
    )
    publisher: Annotated[Line, example("Name of the agency")] = field(name="publisher.name")
    homepage: Annotated[Address, example("https://example.org")] = field(name="publisher.homepage")
    version: Annotated[
        str,
        Meta(
            pattern=rf"\A{VERSION.pattern}\Z",
            description="error.setting.version",
        ),
        example("2026.11"),
    ] = field(name="release.version")
    issued: Annotated[Day, example(date(2026, 11, 24))] = field(name="release.issued")
    limits: Limits
    catalogue: CatalogueSettings | None = None
    examples: Mapping[str, Mapping[str, Annotated[Line, example("its-key")]]] = field(default_factory=dict)
    server: ServerSettings = field(default_factory=ServerSettings)
    site: SiteSettings = field(default_factory=SiteSettings)
    identity: IdentitySettings = field(default_factory=IdentitySettings)
    map: MapSettings | None = None
    languages: Annotated[Words, _languages, example(["de", "en"])] = _USUAL

    @classmethod
    def read(cls, file: Path) -> Settings:
        """The settings in that file; raises :class:`WorkspaceError`."""
        return read_toml(file, cls, _content_languages)

    @property
    def public_url(self) -> str | None:
        """Where the current release is served, None when it is not known."""
        return None if self.catalogue is None else self.catalogue.public_url

    @property
    def portal_licence(self) -> str:
        """The licence of the data as portals are told it: its IRI in the German list where that has it."""
        if self.catalogue is None or self.catalogue.licence is None:
            return read_codes().german_licence(self.licence) if self.catalogue else self.licence
        return self.catalogue.licence

    def __post_init__(self) -> None:
        if self.catalogue is None:
            return
        facts = read_codes().known_licence(self.portal_licence)
        if facts is not None and self.licence.rstrip("/") != facts.address.rstrip("/"):
            raise ValueError(
                explained("error.setting.two-licences", licence=self.licence, example=f'"{facts.address}"')
            )
        if self.catalogue.attribution is None and (facts is None or facts.type != "PublicDomain"):
            key = column_name("catalogue.attribution", next(iter(self.catalogue.keywords)))
            raise ValueError(
                explained("error.setting.missing", key=key, example='"Name of the agency, CC BY 4.0"')
            )


def _content_languages(values: Mapping[str, object]) -> Languages:
    """The languages that the file names; where these will not do, those in which it has the title."""
    named, graph = values.get("languages", list(_USUAL)), values.get("graph")
    if isinstance(named, list) and named and all(isinstance(one, str) and is_language(one) for one in named):
        return list(dict.fromkeys(named))
    titles = [key for key in graph if key.startswith("title_")] if isinstance(graph, dict) else []
    return [key.removeprefix("title_").replace("_", "-") for key in titles] or _USUAL
