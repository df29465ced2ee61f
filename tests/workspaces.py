"""A small valid workspace for tests, and how to make one with a fault in it."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook

from transfergraph.findings import Finding

REPOSITORY = Path(__file__).resolve().parent.parent
LANGUAGES = ("de", "en")

TABLES: Mapping[str, str] = {
    "sources": """id,name_de,name_en,url,publisher,retrieved,licence
page,Eine Seite,A page,https://example.org/page?a=1&b=%20x,Herausgeberin,2025-03-12,
""",
    "regions": """id,kind,name_de,name_en,nuts,part_of,source
sachsen,nuts-1,Sachsen,Saxony,DED,,page
dresden-nuts3,nuts-3,"Dresden, Kreisfreie Stadt",Dresden,DED21,sachsen,page
""",
    "places": """id,name_de,name_en,region,ags,lat,long,source
dresden,Dresden,Dresden,dresden-nuts3,14612000,51.05,13.74,page
""",
    "topics": """id,name_de,name_en,broader,field,source
grubenwasser,Grubenwasser,Mine water,,raw-materials-and-environment,page
""",
    "organisations": """id,kind,name_de,name_en,alternative_names,place,ror,website,source
bund,government,Ministerium,Ministry,,,,,page
htw-dresden,university-of-applied-sciences,HTW Dresden,HTW Dresden,HTWD;HTW,dresden,05q5pk319,https://www.htw-dresden.de,page
müller-ag,company,"Müller ""Söhne"" AG",Müller AG,,dresden,,,page
""",
    "programmes": """id,name_de,name_en,funders,source
wir,WIR!,WIR!,bund,page
""",
    "alliances": """id,name_de,name_en,description_de,description_en,programme,place,regions,topics,source
recomine,recomine,recomine,"Ein Bündnis,
das zwei Zeilen hat.",An alliance.,wir,dresden,sachsen,grubenwasser,page
""",
    "projects": """id,kind,name_de,name_en,part_of,programme,place,regions,topics,start,end,source
pilot,research-and-development,Pilotvorhaben,Pilot,recomine,wir,dresden,sachsen,grubenwasser,2019,2021-06-30,page
""",
    "participations": """undertaking,organisation,role,start,end,amount,currency,qualifier,source
recomine,htw-dresden,coordinator,2019-04,2025,,,,page
recomine,müller-ag,partner,,,,,,page
pilot,htw-dresden,partner,,,1000.50,EUR,exactly,page
pilot,müller-ag,partner,,,,,,page
""",
    "statements": """id,undertaking,measure,qualifier,value,as_of,source
recomine-partners,recomine,partners,at-least,40,2025-03-12,page
""",
}

SOURCE = """title_de = "Eine Seite"
title_en = "A page"
publisher = "Herausgeberin"
licence = "https://creativecommons.org/licenses/by/4.0/"
attribution_de = "Angaben: Herausgeberin"
attribution_en = "Facts: Herausgeberin"
url = "https://example.org/page"
retrieved = 2025-03-12

[rows]
projects = [1, 5]
"""


def make_workspace(folder: Path, **changed: str | bytes | None) -> Path:
    """A workspace in this folder, declared by the core alone, with some tables replaced; a table that is None is left out."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = re.sub(
        r"# With what the questions.*?\n\n", "", core_text("transfergraph.toml"), flags=re.DOTALL
    )
    (folder / "transfergraph.toml").write_text(settings, encoding="utf-8")
    data = folder / "data" / "source"
    data.mkdir(parents=True)
    (data / "source.toml").write_text(SOURCE, encoding="utf-8")
    for table, content in {**TABLES, **changed}.items():
        if isinstance(content, bytes):
            (data / f"{table}.csv").write_bytes(content)
        elif content is not None:
            (data / f"{table}.csv").write_text(content, encoding="utf-8")
    return folder


LEAST_PROJECT = """id,kind,name_de,name_en,place,start,source
pilot,research-and-development,Pilotvorhaben,Pilot,dresden,2019,page
"""


def make_least_workspace(folder: Path) -> Path:
    """A project and where it is: what has to be built again and again has few files then."""
    without = {name: None for name in TABLES if name not in ("sources", "regions", "places")}
    root = make_workspace(folder, **{**without, "projects": LEAST_PROJECT})
    described = SOURCE.replace("projects = [1, 5]", "places = [1, 5]")
    (root / "data" / "source" / "source.toml").write_text(described, encoding="utf-8")
    return root


def copied(built: tuple[Path, Path], folder: Path) -> tuple[Path, Path]:
    """A copy of a workspace and of its output folder, which a test may change."""
    root, output = folder / "ws", folder / "build"
    shutil.copytree(built[0], root, symlinks=True)
    shutil.copytree(built[1], output, symlinks=True)
    return root, output


def declare(root: Path, name: str, content: str | bytes) -> Path:
    """Write a file of a workspace's own ontology or queries, such as ``ontology/shapes.ttl``."""
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def core_text(name: str) -> str:
    """The content of a file of the core."""
    return (REPOSITORY / name).read_text(encoding="utf-8")


def edited(table: str, old: str, new: str) -> str:
    """The small valid table with one text replaced, which must be there."""
    assert old in TABLES[table], f"{old!r} is not in table {table}"
    return TABLES[table].replace(old, new)


def rows_of(table: str) -> list[list[str]]:
    """The rows of the small valid table, header first."""
    return list(csv.reader(io.StringIO(TABLES[table])))


def workbook_of(tables: Mapping[str, str]) -> Workbook:
    """A workbook with a sheet for each of these tables, their cells as texts."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, table in tables.items():
        sheet = workbook.create_sheet(name)
        for row in csv.reader(io.StringIO(table)):
            sheet.append(row)
    return workbook


def texts_of_finding(finding: Finding) -> list[str]:
    """Message and remedy in each language."""
    return [text.in_language(one) for text in (finding.message, finding.remedy) for one in LANGUAGES]


def make_polish_workspace(folder: Path) -> Path:
    """The small workspace in Polish and English; what is German in it counts as Polish."""
    tables = {name: _in_polish(table) for name, table in TABLES.items()}
    make_workspace(folder, **tables)
    for file in (folder / "transfergraph.toml", folder / "data" / "source" / "source.toml"):
        file.write_text(_in_polish(file.read_text(encoding="utf-8")), encoding="utf-8")
    settings = folder / "transfergraph.toml"
    settings.write_text(f'languages = ["pl", "en"]\n{settings.read_text(encoding="utf-8")}', encoding="utf-8")
    return folder


def _in_polish(content: str) -> str:
    words = {"Sachsen": "Saksonia", "Pilotvorhaben": "Projekt pilotażowy", "Eine Seite": "Strona"}
    for german, polish in words.items():
        content = content.replace(german, polish)
    return re.sub(r"\b(\w+)_de\b", r"\1_pl", content)
