"""What a release says of its past: the patch, the note in both languages, what has gone and its successor."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tables_fixture import load
from workspaces import REPOSITORY, TABLES, copied, edited, make_workspace

import transfergraph as tg
from transfergraph.release.changes.patch import apply, compare
from transfergraph.release.changes.reader_note import reader_note
from transfergraph.release.changes.tombstones import read_tombstones

BASE = "https://w3id.org/transfergraph/saxony/"
REPLACED = "http://purl.org/dc/terms/isReplacedBy"
FORMER = "id,replaced_by\n"


def put(root: Path, **tables: str | None) -> None:
    """Write tables of the small workspace anew; one that is None is removed."""
    for table, content in tables.items():
        file = root / "data" / "source" / f"{table}.csv"
        if content is None:
            file.unlink()
        else:
            file.write_text(content, encoding="utf-8")


def build(root: Path, output: Path) -> Path:
    outcome = tg.build(root, output, accept_loss=True)
    assert outcome.release is not None and outcome.manifest is not None, outcome.report.findings
    return outcome.release


def dump(release: Path) -> bytes:
    return gzip.decompress((release / "data" / "graph.nt.gz").read_bytes())


def merged() -> dict[str, str | None]:
    """The small tables in which Müller AG has become a part of another company."""
    organisations = edited("organisations", "müller-ag,company", "meier-ag,company").replace(
        "Müller", "Meier"
    )
    return {
        "organisations": organisations,
        "participations": TABLES["participations"].replace("müller-ag", "meier-ag"),
        "former_organisations": f"{FORMER}müller-ag,meier-ag\n",
    }


def test_the_note_about_the_curated_tables_reads_like_a_sentence(tmp_path: Path) -> None:
    root = tmp_path / "ws"
    root.mkdir()
    shutil.copy(REPOSITORY / "transfergraph.toml", root)
    shutil.copytree(REPOSITORY / "data", root / "data")
    projects, organisations = (
        root / "data" / "saxony" / f"{name}.csv" for name in ("projects", "organisations")
    )

    def rows(file: Path) -> list[dict[str, str]]:
        with file.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def write(file: Path, changed: list[dict[str, str]]) -> None:
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(changed[0]))
            writer.writeheader()
            writer.writerows(changed)

    known = rows(projects)
    smartstrat = next(row for row in known if row["id"] == "smartstrat")
    smartstrat["end"] = "2022-06"
    write(projects, known)
    first = build(root, tmp_path / "build")
    smartstrat["end"] = "2022-12"
    new = {**smartstrat, "title_de": "", "title_en": "", "description_de": "", "description_en": ""}
    new |= {"start": "2024", "end": "", "source": "futuresax-projects"}
    known += [{**new, "id": f"neu-{n}", "name_de": f"Neu {n}", "name_en": f"New {n}"} for n in (1, 2, 3)]
    write(projects, known)
    partners = rows(organisations)
    next(row for row in partners if row["id"] == "ult").update(name_de="ULT GmbH", name_en="ULT GmbH")
    placeless = [row for row in partners if row["place"] == ""]
    for row in placeless:
        row["place"] = "dresden"
    seated = len(placeless)
    assert seated > 10
    write(organisations, partners)
    second = build(root, tmp_path / "build")
    before, after = (sum(tg.open(release).manifest.findings.values()) for release in (first, second))
    told = {
        language: (second / "changes" / f"note.{language}.md").read_text(encoding="utf-8")
        for language in ("de", "en")
    }
    sentence = (
        "3 Projekte neu; ULT AG umbenannt; Ende von SMARTStrat von 2022-06 auf 2022-12 verschoben; "
        f"{seated} weitere Einträge geändert; {before - after} Befunde weniger."
    )
    assert after < before - 1
    assert sentence in told["de"].splitlines()
    assert "ULT AG heißt jetzt ULT GmbH" in told["de"]
    assert (
        told["en"]
        .splitlines()[2]
        .startswith(
            "3 projects new; ULT AG renamed; end of SMARTStrat moved from 2022-06 to 2022-12; "
            f"{seated} other records changed; {before - after} findings fewer."
        )
    )
    # the same from the command that compares the two
    assert told["en"].split("\n", 2)[2] == reader_note(compare(first, second), "en")
    summary = json.loads((second / "changes" / "changes.json").read_text(encoding="utf-8"))
    assert sum(side["after"] - side["before"] for side in summary["findings"].values()) == after - before
    assert (summary["previous"], summary["release"]) == (first.name, second.name)


def test_the_note_calls_classes_by_their_names_and_leaves_out_what_rules_make(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    root, output = copied(first_release, tmp_path)
    first = (output / "current").resolve()
    put(
        root,
        places=TABLES["places"] + "freiberg,Freiberg,Freiberg,sachsen,,50.91,13.34,page\n",
        terms="list,key,name_de,name_en,source\nrole,guest,Gast,Guest,page\n",
    )
    lines = reader_note(compare(first, build(root, output)), "de").splitlines()
    assert lines[0].startswith("1 Begriff neu; 1 Ort neu")
    assert "- Begriff, neu (1): Gast" in lines and "- Ort, neu (1): Freiberg" in lines
    assert "eometr" not in "".join(lines)


def test_the_patch_of_a_release_leads_to_its_dump_byte_for_byte(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    root, output = copied(first_release, tmp_path)
    first = tg.open(output).path
    put(root, **merged())
    second = build(root, output)
    apply(second, first, tmp_path / "made.nt.gz")
    assert (tmp_path / "made.nt.gz").read_bytes() == (second / "data" / "graph.nt.gz").read_bytes()
    with pytest.raises(tg.UsageError, match=f"of release {second.name} already"):
        apply(second / "changes", second / "data" / "graph.nt.gz", tmp_path / "made.nt.gz")
    put(root, places=edited("places", "51.05", "51.07"))
    third = build(root, output)
    with pytest.raises(tg.UsageError, match=f"leads on from the graph of release {second.name}"):
        apply(third / "changes", first / "data" / "graph.nt.gz", tmp_path / "made.nt.gz")
    with pytest.raises(tg.UsageError, match="holds no patch"):
        apply(first, first, tmp_path / "made.nt")


def test_what_was_merged_points_to_its_successor(first_release: tuple[Path, Path], tmp_path: Path) -> None:
    root, output = copied(first_release, tmp_path)
    first = tg.open(output).path
    assert read_tombstones(first) == {}
    put(root, **merged())
    second = build(root, output)
    old, new = f"{BASE}organisation/m%C3%BCller-ag", f"{BASE}organisation/meier-ag"
    with gzip.open(second / "data" / "graph.nq.gz", "rt", encoding="utf-8") as stream:
        assert f"<{old}> <{REPLACED}> <{new}> <{BASE}graph/source> .\n" in list(stream)
    gone = read_tombstones(second)[old]
    assert gone.label.in_language("de") == 'Müller "Söhne" AG' and gone.label.english == "Müller AG"
    assert (gone.last_release, gone.successor) == (first.name, new)
    assert gone.entity_class == "https://w3id.org/transfergraph/ontology#Organisation"
    english = (second / "changes" / "note.en.md").read_text(encoding="utf-8")
    assert (
        "1 organisation gone; " in english and "; Müller AG merged into Meier AG" in english.splitlines()[2]
    )
    assert "Müller AG → Meier AG" in english
    # it stays in the list, and leaves it when it comes back
    put(root, places=edited("places", "51.05", "51.07"))
    third = build(root, output)
    assert read_tombstones(third)[old] == gone
    put(
        root,
        organisations=TABLES["organisations"],
        participations=TABLES["participations"],
        former_organisations=None,
    )
    fourth = build(root, output)
    assert old not in read_tombstones(fourth) and new in read_tombstones(fourth)


def test_participations_are_told_as_sentences_with_names_in_full(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    root, output = copied(first_release, tmp_path)
    long = "Gesellschaft zur Förderung der Zusammenarbeit " * 5 + "e. V."
    put(
        root,
        organisations=TABLES["organisations"] + f"verein,company,{long},{long},,,,,page\n",
        participations=TABLES["participations"].replace("pilot,müller-ag,partner,,,,,,page\n", "")
        + "recomine,verein,partner,2021,,,,,page\npilot,bund,coordinator,,2022-03,,,,page\n",
    )
    second = build(root, output)
    told = {
        language: (second / "changes" / f"note.{language}.md").read_text(encoding="utf-8")
        for language in ("de", "en")
    }
    for sentence in (
        f"- {long} joined recomine as Partner (since 2021)",
        "- Ministry joined Pilot as Coordinator (until March 2022)",
        "- Müller AG is no longer in Pilot as Partner",
    ):
        assert sentence in told["en"].splitlines()
    assert f"- {long} ist neu bei recomine, als Partner (seit 2021)" in told["de"].splitlines()
    assert (
        told["en"]
        .splitlines()[2]
        .startswith("1 organisation new; 2 participations new; 1 participation gone")
    )
    changes = json.loads((second / "changes" / "changes.json").read_text(encoding="utf-8"))
    (gone,) = (one for one in changes["changes"] if one["kind"] == "gone")
    assert gone["participant"].endswith("organisation/m%C3%BCller-ag") and len(gone["roles"]) == 1


def test_a_changed_key_is_told_as_such(first_release: tuple[Path, Path], tmp_path: Path) -> None:
    """The thing has neither gone nor come, and those that are named after its key have not either."""
    root, output = copied(first_release, tmp_path)
    put(
        root,
        organisations=edited("organisations", "müller-ag,company", "mueller-ag,company"),
        participations=TABLES["participations"].replace("müller-ag", "mueller-ag"),
        former_organisations=f"{FORMER}müller-ag,mueller-ag\n",
    )
    second = build(root, output)
    note = (second / "changes" / "note.en.md").read_text(encoding="utf-8").splitlines()
    assert note[2].startswith("key of Müller AG changed from müller-ag to mueller-ag")
    assert "- Organisation, key changed (1): Müller AG (müller-ag → mueller-ag)" in note
    assert "- 2 participations with changed keys" in note
    assert not any("gone" in line or " new" in line or "merged" in line for line in note)
    assert read_tombstones(second)[f"{BASE}organisation/m%C3%BCller-ag"].successor is not None
    changes = json.loads((second / "changes" / "changes.json").read_text(encoding="utf-8"))
    assert [(one["kind"], one["count"]) for one in changes["entities"] if one["kind"] != "changed"] == [
        ("rekeyed", 1),
        ("rekeyed", 2),
    ]


def test_what_was_replaced_before_the_first_release_is_in_the_list_too(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", former_undertakings=f"{FORMER}vorläufer,pilot\n")
    gone = read_tombstones(build(root, tmp_path / "build"))
    assert set(gone) == {f"{BASE}undertaking/vorl%C3%A4ufer"}
    (one,) = gone.values()
    assert (one.last_release, one.successor) == (None, f"{BASE}undertaking/pilot")


@pytest.mark.parametrize(
    ("former", "code", "column"),
    [
        ("alt,htw-dresen\n", "table.missing-reference", "replaced_by"),
        ("alt,pilot\n", "table.missing-reference", "replaced_by"),
        ("alt,\n", "table.blank-required", "replaced_by"),
        ("htw-dresden,bund\n", "table.duplicate-key.elsewhere", "id"),
        ("alt,bund\nalt,htw-dresden\n", "table.duplicate-key", "id"),
        ("alt,älter\nälter,bund\n", "table.missing-reference", "replaced_by"),
    ],
)
def test_a_faulty_merge_is_found_in_its_cell(tmp_path: Path, former: str, code: str, column: str) -> None:
    root = make_workspace(tmp_path / "ws", former_organisations=FORMER + former)
    _, findings = load(root, tmp_path / "scratch")
    assert [(f.code.removesuffix(".suggested"), f.place.column) for f in findings] == [(code, column)]
    assert findings[0].place.file == "data/source/former_organisations.csv"


def test_nobody_may_refer_to_what_has_gone(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", former_organisations=f"{FORMER}alt,bund\n")
    put(root, participations=TABLES["participations"] + "pilot,alt,partner,,,,,,page\n")
    _, findings = load(root, tmp_path / "scratch")
    assert [(f.code, f.value) for f in findings] == [("table.missing-reference", "alt")]


def test_a_reclassified_entity_is_changed_and_not_new(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    root, output = copied(first_release, tmp_path)
    put(
        root,
        organisations=edited(
            "organisations", "htw-dresden,university-of-applied-sciences", "htw-dresden,university"
        ),
    )
    summary = json.loads((build(root, output) / "changes" / "changes.json").read_text(encoding="utf-8"))
    assert {change["kind"] for change in summary["changes"]} == {"changed"}
    assert {change["iri"] for change in summary["changes"]} == {f"{BASE}organisation/htw-dresden"}
    for language, sentence in (("de", "1 Eintrag geändert."), ("en", "1 record changed.")):
        reader_note = (output / "current" / "changes" / f"note.{language}.md").read_text(encoding="utf-8")
        assert reader_note.splitlines()[2] == sentence


def test_a_release_without_such_lists_before_it_is_gone_on_from(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    """The release before was made by a version that knew neither feeds nor the list of what has gone."""
    root, output = copied(first_release, tmp_path)
    put(root, statements=None)
    second = build(root, output)
    older(second)
    assert set(read_tombstones(second)) == {f"{BASE}statement/recomine-partners"}
    put(root, **merged())
    third = build(root, output)
    assert set(read_tombstones(third)) == {
        f"{BASE}statement/recomine-partners",
        f"{BASE}organisation/m%C3%BCller-ag",
    } | {f"{BASE}participation/{what}~m%C3%BCller-ag~partner" for what in ("pilot", "recomine")}
    assert tg.open(third).verify() == []
    apply(third, second, tmp_path / "made.nt")
    assert (tmp_path / "made.nt").read_bytes() == dump(third)


def older(release: Path) -> None:
    """Take from a release what older versions did not write."""
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    for key in ("rows", "entities", "datasets"):
        del manifest[key]
    new = ("feed", "catalog-feed", "changes/gone.json")
    manifest["files"] = [entry for entry in manifest["files"] if not entry["path"].startswith(new)]
    (release / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for name in new:
        for path in (release / name, *release.glob(f"{name}.*")):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    assert tg.open(release).verify() == []


def test_diff_and_apply_of_releases_from_the_command_line(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    root, output = copied(first_release, tmp_path)
    first = tg.open(output).path
    put(root, projects=edited("projects", "2021-06-30", "2022-12"))
    second = build(root, output)

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "transfergraph", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    shown = run("diff", first, second, "--lang", "de")
    assert shown.stdout.splitlines()[0] == "Ende von Pilotvorhaben von 2021-06-30 auf 2022-12 verschoben."
    done = run("apply", output / "current", first, "-o", tmp_path / "made.nt")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "made.nt").read_bytes() == dump(second)
