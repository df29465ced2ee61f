"""Raw files of a source: how ``source.toml`` describes them; ``files.toml``, which says which they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Annotated, Literal

from msgspec import Meta

from transfergraph.common.text import Text
from transfergraph.config.strict_toml import Count, Day, Flag, Line, TomlTable, example
from transfergraph.messages import explained

FILES_FILE = "files.toml"
"""The file in the folder of a source that names its raw files and their checksums."""

CACHE = ".raw"
"""The folder of a workspace for raw files, ``.raw/<begin of the checksum>/<name>``; git ignores it."""


def _file_name(value: str) -> str:
    if PurePosixPath(value).name != value or "\\" in value or value.startswith("."):
        raise ValueError(explained("error.setting.file-name"))
    return value


Delimiter = Annotated[str, Meta(pattern=r"\A[^\r\n]\Z", description="error.setting.delimiter")]


class RawFile(TomlTable, frozen=True):
    """A raw file: its name, its checksum, its size in bytes, and the address it came from, if any."""

    name: Annotated[Line, _file_name, example("list.csv")]
    sha256: Annotated[
        str, Meta(pattern=r"\A[0-9a-f]{64}\Z", description="error.setting.sha256"), example("0" * 64)
    ]
    bytes: Annotated[int, Meta(ge=0, description="error.setting.count"), example(1024)]
    added: Annotated[Day, example(date(2026, 12, 1))]
    url: Annotated[Line, example("https://example.org/list.csv")] = ""

    @property
    def cached(self) -> str:
        """Where the file lies, from the root of the workspace."""
        return f"{CACHE}/{self.sha256[:16]}/{self.name}"


class RawFiles(TomlTable, frozen=True):
    """``files.toml``, a table for each raw file under a name of its own."""

    file: Mapping[str, RawFile] = {}


class RawTable(TomlTable, frozen=True):
    """``[raw.<name>]``: which files a raw table is read from, and how.

    ``files`` and ``members`` are patterns (``*``, ``?``) for the names of files, and of members of archives.
    ``columns`` has for each column the title in the header (several, parted by ``|``, where it was renamed;
    ``Title#2`` for the second of that title), or the path in the record. ``record`` is the path of the
    records of XML from the element of the document, ``.`` for that element itself. A column in ``optional``
    may be missing. ``header`` is the row of the header. ``formulas``: cells are wrapped like ``="text"``.
    ``entities``: references to characters were escaped twice. ``organisations_in`` is the column whose text
    has to name an organisation: other rows are left out before anything of them is kept, and only counted,
    and their ``sums`` added up, numbers with ``decimal`` before their decimals. A text in an ``addressed``
    column that speaks of a lady or a gentleman by name is left out.
    """

    files: Annotated[Line, example("*.csv")]
    format: Annotated[
        Literal["csv", "xml", "jsonl", "sheet", "lines"],
        Meta(description="error.setting.raw-format"),
        example("csv"),
    ]
    columns: Annotated[
        Mapping[str, Annotated[str, Meta(description="error.setting.line"), example("Title")]],
        Meta(description="error.setting.table"),
    ]
    members: Annotated[Line, example("*.xml")] = "*"
    delimiter: Annotated[Delimiter | None, example(";")] = None
    encoding: Annotated[
        Literal["utf-8", "cp1252", "iso-8859-15", "iso-8859-1"],
        Meta(description="error.setting.encoding"),
        example("utf-8"),
    ] = "utf-8"
    header: Annotated[Count, example(1)] = 1
    sheet: Annotated[Line | None, example("Sheet1")] = None
    record: Annotated[Line, example(".")] = "."
    optional: Annotated[tuple[str, ...], Meta(description="error.setting.words"), example(["website"])] = ()
    may_be_missing: Annotated[Flag, example(True)] = False
    formulas: Annotated[Flag, example(True)] = False
    entities: Annotated[Flag, example(True)] = False
    organisations_in: Annotated[Line | None, example("beneficiary")] = None
    addressed: Annotated[tuple[str, ...], Meta(description="error.setting.words"), example(["title"])] = ()
    sums: Annotated[tuple[str, ...], Meta(description="error.setting.words"), example(["amount"])] = ()
    decimal: Annotated[Literal[",", "."], Meta(description="error.setting.decimal"), example(",")] = "."

    def __post_init__(self) -> None:
        for name in self.columns:
            if not name.isidentifier() or name.startswith("_"):
                raise ValueError(explained("error.setting.sql-name", name=name))
        named = (
            *self.optional,
            *self.sums,
            *self.addressed,
            *([self.organisations_in] if self.organisations_in else ()),
        )
        for name in named:
            if name not in self.columns:
                raise ValueError(explained("error.setting.no-raw-column", name=name))


class RowRule(TomlTable, frozen=True):
    """``[rule.<name>]``: what a row of ``unfit.sql`` that gives this name is told as, and how grave it is."""

    message: Annotated[Text, example("The category is not known.")]
    remedy: Annotated[Text, example("Add the category to the mapping.")]
    severity: Annotated[
        Literal["violation", "warning", "info"],
        Meta(description="error.setting.severity"),
        example("warning"),
    ] = "warning"
