"""What a cell holds arrives as it was meant, or the finding says what to enter, and the check takes that."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from tables_fixture import load
from workspaces import TABLES, make_workspace, rows_of

from transfergraph import Finding, Severity

Found = dict[str, list[Finding]]


def table_with(table: str, column: str, values: Iterable[str]) -> str:
    """The small table with a row of its own for each value, which the column holds."""
    header, first, *_ = rows_of(table)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows(rows_of(table))
    for number, value in enumerate(values):
        row = [*first]
        row[header.index("id" if "id" in header else "organisation")] = f"row-{number}"
        row[header.index(column)] = value
        writer.writerow(row)
    return stream.getvalue()


def findings_of(root: Path, table: str, column: str, values: Iterable[str]) -> Found:
    """The findings of a column by the value that brought them."""
    values = list(dict.fromkeys(values))
    make_workspace(root, **{table: table_with(table, column, values)})
    found: Found = {value: [] for value in values}
    first = len(rows_of(table)) + 1
    for finding in load(root, root / "scratch")[1]:
        place = finding.place
        if (place.file, place.column) == (f"data/source/{table}.csv", column) and place.row is not None:
            found[values[place.row - first]].append(finding)
    return found


def codes(found: Found) -> dict[str, list[str]]:
    return {value: [finding.code for finding in findings] for value, findings in found.items()}


TWO, COMMA, NOTATION = "table.two-readings", "table.decimal-comma", "table.number-notation"
MARK = "table.control-character"
DECIMAL, INTEGER, LONG = "table.wrong-type.decimal", "table.wrong-type.integer", "table.number-too-long"
GERMAN, OTHER, SERIAL = "table.german-date", "table.other-date", "table.excel-serial"
NO_DAY, EDTF, DATE = "table.no-such-day", "table.wrong-type.edtf", "table.wrong-type.date"

# Table, column, and for each value the code of its finding and what the remedy proposes.
ADVISED: list[tuple[str, str, dict[str, tuple[str, ...]]]] = [
    (
        "participations",
        "amount",
        {
            "15.000": (TWO, "15", "15000"),
            "450.000": (TWO, "450", "450000"),
            "1,500": (TWO, "1500", "1.5"),
            "6.000.000": (NOTATION, "6000000"),
            "1,500.00": (NOTATION, "1500"),
            "1.500,00": (COMMA, "1500"),
            "70,0": (COMMA, "70"),
            "1 500": (NOTATION, "1500"),
            "1'500,5": (COMMA, "1500.5"),
            "15.125": (NOTATION, "15125"),
            "0,5": (COMMA, "0.5"),
            "1.5.0": (DECIMAL,),
            "1000 €": (DECIMAL, "1000"),
            "NaN": (DECIMAL,),
            "5 Mio.": (DECIMAL,),
            "9" * 30: (LONG,),
            # the mark that reading sets behind a number with two readings, typed by somebody
            **dict.fromkeys(["15.000\ufdd0", "15\ufdd0", "1,5\ufdd0", "15.000\ufdd0\ufdd0"], (MARK,)),
        },
    ),
    (
        "statements",
        "value",
        {
            **dict.fromkeys(["15.000\ufdd0", "15\ufdd0"], (MARK,)),
            "15.000": (TWO, "15", "15000"),
            "70,0": (COMMA, "70"),
            "70.0": (NOTATION, "70"),
            "6.000.000": (NOTATION, "6000000"),
            "40,5": (INTEGER,),
            "mehr als 40": (INTEGER, "40"),
            "1" + "0" * 30: (LONG,),
        },
    ),
    ("places", "lat", {"51,05": (COMMA, "51.05"), "51.0504001": (DECIMAL,)}),
    (
        "projects",
        "start",
        {
            "31.12.2019": (GERMAN, "2019-12-31"),
            "1.5.19": (GERMAN, "2019-05-01"),
            "01.05.98": (GERMAN, "1998-05-01"),
            "31.02.2019": (NO_DAY,),
            "13.25.2019": (NO_DAY,),
            "2019-02-30": (NO_DAY,),
            "2019-02-30~": (NO_DAY,),
            "10.2019": (GERMAN, "2019-10"),
            "13.2019": (EDTF,),
            "2019/05/01": (OTHER, "2019-05-01"),
            "05/01/2019": (TWO, "2019-01-05", "2019-05-01"),
            "31/01/2019": (OTHER, "2019-01-31"),
            "2019-5": (OTHER, "2019-05"),
            "43831": (SERIAL, "2020-01-01"),
            "1.2.57": (GERMAN, "1957-02-01"),
            "99999": (EDTF,),
            "Sommer 2019": (EDTF,),
        },
    ),
    ("sources", "retrieved", {"12.03.2025": (GERMAN, "2025-03-12"), "03.2025": (DATE,), "2025": (DATE,)}),
    (
        "organisations",
        "website",
        {
            "www.htw-dresden.de": ("table.wrong-type.url", "https://www.htw-dresden.de"),
            "htw": ("table.wrong-type.url",),
            "https://a.de/" + "x" * 90 + " y": (
                "table.forbidden-character.url",
                "https://a.de/" + "x" * 90 + "%20y",
            ),
            "mailto:a@b.de": ("table.unsafe-url",),
        },
    ),
    (
        "projects",
        "regions",
        {
            "sachsen,dresden-nuts3": ("table.other-separator", "sachsen;dresden-nuts3"),
            "sachsen | dresden-nuts3": ("table.other-separator", "sachsen;dresden-nuts3"),
            "sach\u200bsen": ("table.invisible-character", "sachsen"),
            "sach sen\u200b": ("table.invisible-character",),
        },
    ),
    ("projects", "place", {"dresden;dresden": ("table.one-key-only",)}),
]


@pytest.mark.share
@pytest.mark.parametrize(
    ("table", "column", "told"), ADVISED, ids=lambda one: one if isinstance(one, str) else ""
)
def test_what_is_proposed_is_accepted(
    tmp_path: Path, table: str, column: str, told: dict[str, tuple[str, ...]]
) -> None:
    found = findings_of(tmp_path / "first", table, column, told)
    assert {
        value: [(finding.code, *finding.proposals) for finding in findings]
        for value, findings in found.items()
    } == {value: [told[value]] for value in found}
    for value, [finding] in found.items():
        assert finding.value == value[:200]
        assert all(proposal in finding.remedy.in_language("de") for proposal in finding.proposals)
    entered = {proposal for entry in told.values() for proposal in entry[1:]}
    again = findings_of(tmp_path / "again", table, column, entered)
    assert not any(again.values()), codes(again)


def test_numbers_that_have_one_reading_are_kept(tmp_path: Path) -> None:
    amounts = ["1000.50", "0.5", "15.0000", "15.00", "0007", "0.500", "1" * 18]
    assert not any(findings_of(tmp_path / "amounts", "participations", "amount", amounts).values())
    assert not any(findings_of(tmp_path / "places", "places", "lat", ["51.050", "51.123", "50.500"]).values())


def test_an_unknown_term_is_told_with_the_list_and_its_nearest_terms(tmp_path: Path) -> None:
    terms = {"koordinator": "coordinator", "Koordination": "coordinator", "partnr": "partner", "xyz": None}
    found = findings_of(tmp_path, "participations", "role", terms)
    for value, near in terms.items():
        [finding] = found[value]
        assert finding.code == "table.unknown-concept"
        assert finding.message.in_language("de").startswith(
            f"Die Liste „Rollen“ hat keinen Begriff „{value}“"
        )
        assert finding.proposals == ((near,) if near else ())
    assert "“coordinator” (Coordinator)" in found["koordinator"][0].remedy.english


TEXTS = {
    **dict.fromkeys(["#NAME?", "#REF!", "#NV", "#N/A", "#WERT!", "Err:502"], "table.error-value"),
    **dict.fromkeys(["#HODNOTA!", "#N/D!", "#WAARDE!", "#RIF!", "#ЗНАЧ!", "Fehler:508"], "table.error-value"),
    "Text\ufdd0": "table.control-character",
    "Universit\ufffdt": "table.lost-character",
    "bidi\u202edrow": "table.turned-text",
    "a\u2067b": "table.turned-text",
    "Institut\uffff A": "table.control-character",
    "Institut\ufffe A": "table.control-character",
    "Institut\ufdd0 A": "table.control-character",
}
DOUBTS = {
    "UniversitÃ¤t": ("table.misread-letters", "Universität"),
    "GrÃ¼ne StraÃŸe": ("table.misread-letters", "Grüne Straße"),
    "â€žZitatâ€œ": ("table.misread-letters", "„Zitat“"),
    "Forschung &amp; Lehre": ("table.character-reference", "Forschung & Lehre"),
    "&#8222;Zitat&#x201C;&nbsp;": ("table.character-reference", "„Zitat“"),
    "M&uuml;ller &amp;amp; S&ouml;hne": ("table.character-reference",),
    "&lt;b&gt;fett&lt;/b&gt;": ("table.character-reference",),
    "Universit?t": ("table.lost-letter",),
    "F?rderung an der TU": ("table.lost-letter",),
    **dict.fromkeys(
        ("Universit„t", "Universit√§t", "UniversitŠt", "Gro§e", "Pi³a", "W¹growiec", "Wy¿sza Szko³a"),
        ("table.strange-letter",),
    ),
    **dict.fromkeys(("Universit=C3=A4t", "Universit%C3%A4t", "Gr\\u00fcn"), ("table.encoded-letters",)),
    **dict.fromkeys(("NULL", "n/a", "k. A.", "?", "-", "…", "siehe oben", '"'), ("table.placeholder",)),
    **dict.fromkeys(("\uf0b7 Punkt", "a￼b", "a\ufff9b"), ("table.unreadable-character",)),
    "Universit├ñt": ("table.misread-letters", "Universität"),
    "Leer\u3164zeichen": ("table.invisible-character", "Leerzeichen"),
    "Zero\u200bwidth": ("table.invisible-character", "Zerowidth"),
    "Trenn\u00adstrich": ("table.invisible-character", "Trennstrich"),
    "\ufeffAnfang": ("table.invisible-character", "Anfang"),
    "+ \u00adâ„¤€": ("table.invisible-character",),
    "=1+1": ("table.like-formula",),
    "+49 351 1": ("table.like-formula",),
    "- Punkt": ("table.like-formula",),
    "@handle": ("table.like-formula",),
}
SOUND = [
    "WIR! & #WIR",
    "Ä – „Ö“",
    "Â",
    "naïve",
    "می\u200cخواهم",
    "\U0001f469\u200d\U0001f52c",
    "C++ = D",
    "Łódź",
    "R&D; AT&T;",
    "A & co;",
    "Wer? Wir!",
    "Ja?",
    "Null GmbH",
    "„Zitat“",
    "5 ÷ 2",
    "§ 5",
    "https://a.de/%C3%A4",
    "siehe https://a.de/?id=1 und a/b?c",
    "#1",
]


def test_damaged_texts_are_named(tmp_path: Path) -> None:
    found = findings_of(tmp_path / "first", "organisations", "name_de", [*TEXTS, *DOUBTS, *SOUND])
    violations = {value: [f.code for f in found[value]] for value in TEXTS}
    assert violations == {value: [code] for value, code in TEXTS.items()}
    assert {f.severity for value in TEXTS for f in found[value]} == {Severity.VIOLATION}
    doubts = {value: [(f.code, *f.proposals) for f in found[value]] for value in DOUBTS}
    assert doubts == {value: [entry] for value, entry in DOUBTS.items()}
    assert {f.severity for value in DOUBTS for f in found[value]} == {Severity.WARNING}
    assert not any(found[value] for value in SOUND), codes(found)
    proposed = [proposal for entry in DOUBTS.values() for proposal in entry[1:]]
    assert not any(findings_of(tmp_path / "again", "organisations", "name_de", proposed).values())


LISTED = {
    "HTWD|HTW": "HTWD;HTW",
    "HTWD\nHTW": "HTWD;HTW",
    "HTWD\tHTW": "HTWD;HTW",
    "HTWD；HTW": "HTWD;HTW",
    "HTWD, HTW": "HTWD;HTW",
    "HTWD,HTW,TUD": "HTWD;HTW;TUD",
}


def test_texts_between_other_separators_are_told(tmp_path: Path) -> None:
    sound = ["HTWD;HTW", "Dresden, Kreisfreie Stadt", "a / b", "A & B"]
    found = findings_of(tmp_path / "list", "organisations", "alternative_names", [*LISTED, *sound])
    assert {value: [(f.code, f.severity, *f.proposals) for f in found[value]] for value in LISTED} == {
        value: [("table.other-separator.text", Severity.WARNING, meant)] for value, meant in LISTED.items()
    }
    assert not any(found[value] for value in sound)
    proposed = list(LISTED.values())
    assert not any(findings_of(tmp_path / "again", "organisations", "alternative_names", proposed).values())


@pytest.mark.parametrize(
    ("table", "column", "typed"),
    [
        ("organisations", "ror", {"https://ror.org/05q5pk319": "05q5pk319", "05Q5PK319": "05q5pk319"}),
        ("organisations", "website", {"http//a.de": "http://a.de", "https:/a.de": "https://a.de"}),
        ("organisations", "website", {"HTTPS://A.de/B": "https://A.de/B", "www.a.de": "https://www.a.de"}),
        ("participations", "currency", {"eur": "EUR", "E UR": "EUR", "€": None}),
        ("regions", "nuts", {"ded21": "DED21", "DE-SN": None, "DED\u200b+1": None}),
        ("participations", "role", {"par\u200btner": "partner", "part\u200bnr": None}),
    ],
)
def test_what_is_proposed_is_what_the_column_takes(
    tmp_path: Path, table: str, column: str, typed: dict[str, str | None]
) -> None:
    found = findings_of(tmp_path / "typed", table, column, typed)
    assert {value: [f.proposals for f in found[value]] for value in typed} == {
        value: [(meant,) if meant else ()] for value, meant in typed.items()
    }


def test_letters_misread_as_control_characters_are_told_with_what_was_meant(tmp_path: Path) -> None:
    meant = ["Weißbach", "Ärzte und Öl", "„Zitat“", "Süd – Ost"]
    found = findings_of(
        tmp_path / "first", "organisations", "name_de", [text.encode().decode("latin-1") for text in meant]
    )
    told = [(f.code, f.severity, *f.proposals) for findings in found.values() for f in findings]
    assert told == [("table.misread-letters", Severity.VIOLATION, text) for text in meant]
    assert not any(findings_of(tmp_path / "again", "organisations", "name_de", meant).values())
    kept = ["Ã¤\x07", "A\x9f", "Ã\x9f und \x01"]
    assert codes(findings_of(tmp_path / "kept", "organisations", "name_de", kept)) == {
        text: ["table.control-character"] for text in kept
    }


def test_names_of_characters_are_german_in_german_texts(tmp_path: Path) -> None:
    found = findings_of(
        tmp_path, "organisations", "website", ["https://a.de/ b", "https://a.de/<b>", "https://a.de/ß"]
    )
    told = [findings[0].message.in_language("de") for findings in found.values()]
    assert "Leerzeichen (U+0020)" in told[0] and "Kleiner-als-Zeichen (U+003C)" in told[1]
    assert "„ß“ (U+00DF)" in told[2]


def test_keys_that_would_hide_each_other(tmp_path: Path) -> None:
    keys = [
        "messe",
        "messe.de",
        "messe.ttl",
        "messe.page-2",
        "messe.de.html",
        "index",
        "Messe",
        "spinlab.de",
        "a.b",
    ]
    found = codes(findings_of(tmp_path, "organisations", "id", keys))
    document, case = "table.key-like-document", "table.key-differs-in-case"
    assert found == {
        **{key: [document] for key in ("messe.de", "messe.ttl", "messe.page-2", "messe.de.html")},
        **{"messe": [], "Messe": [case], "index": ["table.key-like-list"], "spinlab.de": [], "a.b": []},
    }


def test_a_missing_table_is_one_finding(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, organisations=None)
    [found] = load(root, root / "scratch")[1]
    assert (found.code, found.place.file) == ("table.missing-table", "data/source/organisations.csv")
    assert "5 cells" in found.message.english and "organisations.csv" in found.message.english
    assert (
        "data/source/programmes.csv, D2" in found.message.english or "participations" in found.message.english
    )


def test_a_comment_and_a_title_are_one_finding_each(tmp_path: Path) -> None:
    commented = TABLES["projects"] + "# ab hier ungeprüft\n// noch, prüfen\nSumme: 1,,,,,,,,,,,\n"
    titled = "Organisationen; Stand 2025\n" + TABLES["organisations"]
    root = make_workspace(tmp_path, projects=commented, organisations=titled)
    found = sorted(load(root, root / "scratch")[1], key=Finding.sort_key)
    assert [(f.code, f.place.row) for f in found] == [
        ("table.title-row", 1),
        ("table.comment-row", 3),
        ("table.comment-row", 4),
        ("table.comment-row", 5),
    ]


def test_one_fault_of_a_cell_is_one_finding(tmp_path: Path) -> None:
    keys = {"gruben wasser": "table.name-for-key", "müller\u200b-ag": "table.invisible-character"}
    found = codes(findings_of(tmp_path, "participations", "undertaking", keys))
    assert found == {key: [code] for key, code in keys.items()}


@pytest.mark.parametrize("value", ["#NAME?", "#REF!", "#NV"])
def test_an_error_value_in_the_first_column_is_no_comment(tmp_path: Path, value: str) -> None:
    [finding] = findings_of(tmp_path, "participations", "undertaking", [value])[value]
    assert finding.code == "table.error-value"


def test_the_first_line_sep_names_the_separator(tmp_path: Path) -> None:
    organisations = "\ufeffsep=;\r\n" + TABLES["organisations"].replace(";", "|").replace(",", ";").replace(
        "|", ","
    )
    root = make_workspace(tmp_path, organisations=organisations.replace("HTWD,HTW", "HTWD"))
    tables, found = load(root, root / "scratch")
    assert found == [] and tables.count("organisations") == 3


def test_what_is_no_table_is_named_for_what_it_is(tmp_path: Path) -> None:
    root = make_workspace(tmp_path)
    folder = root / "data" / "source"
    os.mkfifo(folder / "pipe.csv")
    (folder / "alt").mkdir()
    (folder / "Thumbs.db").write_bytes(b"\0\1")
    (folder / "alt.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    found = {f.place.file.rpartition("/")[2]: f for f in load(root, root / "scratch")[1] if f.place.file}
    assert {name: finding.code for name, finding in found.items()} == {
        "pipe.csv": "table.not-a-file",
        "alt": "table.folder",
        "Thumbs.db": "table.system-file",
        "alt.xls": "table.other-workbook",
    }
    assert found["Thumbs.db"].severity is Severity.INFO


def test_no_date_is_proposed_that_is_improbable(tmp_path: Path) -> None:
    early = ["0142.09", "9/0142", "12.3.0219", "0142/9/12"]
    for value, findings in findings_of(tmp_path / "early", "projects", "start", early).items():
        assert findings and not any(finding.proposals for finding in findings), value
    [finding] = findings_of(tmp_path / "late", "projects", "start", ["2019.09"])["2019.09"]
    assert finding.proposals == ("2019-09",)


@pytest.mark.parametrize("name", ["Müller AG", "HTWD", "müller ag", "HTW Dresden"])
def test_a_name_in_place_of_a_key_is_told_with_the_key(tmp_path: Path, name: str) -> None:
    """One with a space cannot be a key, one without stands in no row; abbreviations are names, too."""
    (finding,) = findings_of(tmp_path, "participations", "organisation", [name])[name]
    assert finding.code == "table.name-for-key"
    assert finding.proposals == ("müller-ag" if "ller" in name else "htw-dresden",)
    assert "organisations.csv" in finding.message.in_language("en")


def test_a_name_that_nobody_has_is_told_where_keys_stand(tmp_path: Path) -> None:
    (finding,) = findings_of(tmp_path, "participations", "organisation", ["Neue Firma GmbH"])[
        "Neue Firma GmbH"
    ]
    assert (finding.code, finding.proposals) == ("table.name-for-key", ())
    assert "column id" in finding.remedy.in_language("en") and "Spalte id" in finding.remedy.in_language("de")


def test_a_word_within_the_name_of_a_term_is_near_and_a_year_with_a_digit_too_many_is_no_serial(
    tmp_path: Path,
) -> None:
    (finding,) = findings_of(tmp_path / "a", "organisations", "kind", ["Hochschule"])["Hochschule"]
    assert "university" in finding.remedy.in_language("de")
    (slip,) = findings_of(tmp_path / "b", "projects", "start", ["20199"])["20199"]
    assert (slip.code, slip.proposals) == ("table.wrong-type.edtf", ())
