"""What a workspace brings to its site: pages in Markdown, a logo, colours; and what is found in them."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from pages_fixture import Read
from workspaces import make_workspace

import transfergraph as tg
from transfergraph import WorkspaceError
from transfergraph.common.formats import media_type_of
from transfergraph.config.own_pages import PLACEHOLDER
from transfergraph.publish.static_site import SiteOutcome
from transfergraph.web.appearance import Appearance, contrast, poor_contrasts, stylesheet
from transfergraph.web.own_page import as_html

URL = "https://data.agency.example/graph/"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>'
SETTINGS = """
[site]
logo = "pages/logo.svg"
accent = "#006400"
accent_dark = "#7fd17f"
bar = "#3b0a45"
"""


def with_pages(root: Path) -> Path:
    """The small workspace with pages of its own."""
    pages = root / "pages"
    pages.mkdir()
    texts = {
        "imprint.de": "# Impressum\n\nBehörde <b>für</b> Transfer, siehe [Datenschutz](privacy.md).",
        "imprint.en": "# Imprint\n\nAgency for transfer.",
        "privacy.de": "# Datenschutz\n\nVerantwortlich: [[Name]]\n",
        "start.de": "Willkommen auf den Seiten der **Agentur**.",
        "about-us.de": "# Über uns\n\n| Was | Wer |\n|---|---|\n| Daten | wir |\n",
        "about-us.en": "# About us\n\nWe.",
    }
    for name, text in texts.items():
        (pages / f"{name}.md").write_text(text, "utf-8")
    (pages / "logo.svg").write_text(LOGO, "utf-8")
    settings = root / "transfergraph.toml"
    settings.write_text(settings.read_text("utf-8") + SETTINGS, "utf-8")
    return root


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> SiteOutcome:
    """The site of a workspace with pages of its own."""
    folder = tmp_path_factory.mktemp("agency")
    outcome = tg.build(with_pages(make_workspace(folder / "ws")), folder / "build")
    assert outcome.release is not None
    return tg.site(outcome.release, folder / "site", URL)


@pytest.fixture(scope="module")
def agency(written: SiteOutcome) -> Path:
    """The folder of the site."""
    return written.folder


def test_a_site_that_others_see_tells_what_the_law_asks_for(written: SiteOutcome) -> None:
    assert written.lacking == ("accessibility",)
    assert written.unfilled == ("pages/privacy.de.md",)


def test_own_pages_stand_in_the_footer_of_every_page_those_of_the_law_first(agency: Path) -> None:
    for name in ("index", "organisation/htw-dresden", "questions/index", "pages/about-us"):
        read = Read((agency / f"{name}.en.html").read_text("utf-8"))
        own = [link.removeprefix("/graph/pages/") for link in read.links if "/pages/" in link]
        footer = [one for one in own if one.endswith(".en.html")][-3:]
        assert footer == ["imprint.en.html", "privacy.en.html", "about-us.en.html"], name


def test_own_pages_come_in_each_language_and_without_html(agency: Path) -> None:
    german, english = ((agency / f"pages/imprint.{one}.html").read_text("utf-8") for one in ("de", "en"))
    assert "<h1>Impressum</h1>" in german and "&lt;b&gt;für&lt;/b&gt;" in german and "<b>für" not in german
    assert 'href="privacy.de.html"' in german and (agency / "pages" / "privacy.de.html").is_file()
    assert "Agency for transfer." in english
    lacking = (agency / "pages" / "privacy.en.html").read_text("utf-8")
    assert '<article class="own" lang="de">' in lacking and "Verantwortlich" in lacking
    assert "<td>wir</td>" in (agency / "pages" / "about-us.de.html").read_text("utf-8")


def test_the_start_page_says_what_the_workspace_says_there(agency: Path) -> None:
    assert "<strong>Agentur</strong>" in (agency / "index.de.html").read_text("utf-8")
    assert "Agentur" not in (agency / "index.en.html").read_text("utf-8")
    assert "pages/start" not in (agency / "index.de.html").read_text("utf-8")


def test_logo_and_colours_are_part_of_the_release(agency: Path) -> None:
    assert (agency / "pages" / "logo.svg").read_text("utf-8") == LOGO
    assert media_type_of("pages/logo.svg") == "image/svg+xml"  # nothing else is shown as a picture
    page = (agency / "organisation" / "htw-dresden.de.html").read_text("utf-8")
    assert '<img class="logo" src="../pages/logo.svg" alt="">' in page
    rules = (agency / "pages.css").read_text("utf-8").removeprefix(stylesheet())
    light, dark = "{ --accent: #006400; --bar: #3b0a45; }", "{ --accent: #7fd17f; }"
    assert f'scheme: light) {{\n:root:not([data-theme="dark"]) {light}\n}}' in rules
    assert f'scheme: dark) {{\n:root:not([data-theme="light"]) {dark}\n}}' in rules
    assert f':root[data-theme="light"] {light}' in rules and f':root[data-theme="dark"] {dark}' in rules
    network = (agency / "network.html").read_text("utf-8")
    assert network.count("--bar: #3b0a45;") == 1 and network.count("--accent: #7fd17f;") == 2
    logo = base64.b64encode(LOGO.encode()).decode()
    assert (
        f'<img class="logo" src="data:image/svg+xml;base64,{logo}" alt="">' in network
    )  # it asks for no file


def test_faults_of_pages_and_colours_are_findings(tmp_path: Path) -> None:
    root = with_pages(make_workspace(tmp_path / "ws"))
    settings = root / "transfergraph.toml"
    plain = settings.read_text("utf-8").replace('"#006400"', '"#00ff00"')
    settings.write_text(plain, "utf-8")

    def found() -> dict[tuple[str, str], str]:
        report = tg.check(root, tmp_path / "build")
        ours = [one for one in report.findings if one.code.startswith("site.")]
        return {(one.code, str(one.place)): one.severity.name for one in ours}

    expected = {
        ("site.contrast", "-"): "WARNING",
        ("site.page-language", "pages/privacy.de.md"): "INFO",
    }
    assert found() == expected
    settings.write_text(plain.replace("# public_url", "public_url"), "utf-8")
    assert found() == {
        **expected,
        ("site.page-placeholder", "pages/privacy.de.md:3"): "WARNING",
        ("site.page-missing", "-"): "WARNING",
    }


def test_a_logo_that_is_not_there_stops_the_run(tmp_path: Path) -> None:
    root = with_pages(make_workspace(tmp_path / "ws"))
    (root / "pages" / "logo.svg").unlink()
    with pytest.raises(WorkspaceError, match=r"pages/logo\.svg"):
        tg.check(root, tmp_path / "build")
    settings = root / "transfergraph.toml"
    settings.write_text(settings.read_text("utf-8").replace("#3b0a45", "purple"), "utf-8")
    with pytest.raises(WorkspaceError, match="hexadecimal"):
        tg.check(root, tmp_path / "build")


def test_a_new_workspace_has_the_pages_of_the_law_to_fill_in(tmp_path: Path) -> None:
    root = tg.init(tmp_path / "region")
    names = sorted(file.name for file in (root / "pages").iterdir())
    assert names == [
        f"{one}.{language}.md" for one in ("accessibility", "imprint", "privacy") for language in ("de", "en")
    ]
    texts = [(root / "pages" / name).read_text("utf-8") for name in names]
    assert all(text.startswith("# ") and PLACEHOLDER.search(text) for text in texts)
    assert not tg.check(root, tmp_path / "build").findings


def test_markdown_runs_nothing_and_loads_nothing_from_elsewhere() -> None:
    hostile = as_html(
        '<script>alert(1)</script> <img src=x onerror=alert(1)> [a](javascript:alert(1)) "x"\n\n'
        "![Bild](https://elsewhere.example/a.png) ![hier](karte.png)",
        "de",
    )
    read = Read(hostile)
    assert not read.all("script") and [one["src"] for one in read.all("img")] == ["karte.png"]
    assert read.links == ["https://elsewhere.example/a.png"]


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#ffffff", "#000000") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
    assert list(poor_contrasts(Appearance())) == []
    white = list(poor_contrasts(Appearance(light={"bar": "#ffffff"})))
    assert [one[:3] for one in white] == [("light", "bar", "on-bar")]
    assert not list(poor_contrasts(Appearance(light={"bar": "#ffffff", "on-bar": "#000000"})))
    assert [one[:3] for one in poor_contrasts(Appearance(dark={"accent": "#0b5394"}))] == [
        ("dark", "accent", other) for other in ("paper", "panel", "tint")
    ]
