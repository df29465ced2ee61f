"""How pages look and what maps are drawn from: ``[site]`` and ``[map]`` of ``transfergraph.toml``."""

from __future__ import annotations

import re
from typing import Annotated

from msgspec import Meta

from transfergraph.config.strict_toml import Address, Line, TomlTable, example
from transfergraph.messages import explained

Colour = Annotated[str, Meta(pattern=r"\A#[0-9a-f]{6}\Z", description="error.setting.colour")]


def _logo(value: str) -> str:
    if not re.fullmatch(r"[\w-]+(?:/[\w.-]+)*\.(?:svg|png|webp)", value, re.ASCII):
        raise ValueError(explained("error.setting.logo"))
    return value


class SiteSettings(TomlTable, frozen=True):
    """How the pages look, ``[site]``.

    ``logo`` is the path of a picture in the workspace. ``accent`` is the colour of links and marks, ``bar``
    that of the head of the pages and of buttons, ``on_bar`` that of text on it; those with ``dark`` hold
    where the reader asks for dark pages.
    """

    logo: Annotated[Line | None, _logo, example("pages/logo.svg")] = None
    accent: Annotated[Colour | None, example("#0b5394")] = None
    accent_dark: Annotated[Colour | None, example("#8cc2f5")] = None
    bar: Annotated[Colour | None, example("#16324f")] = None
    bar_dark: Annotated[Colour | None, example("#0c1117")] = None
    on_bar: Annotated[Colour | None, example("#ffffff")] = None
    on_bar_dark: Annotated[Colour | None, example("#e9eef5")] = None


def _outlines(value: str) -> str:
    if not re.fullmatch(r"[\w-]+(?:/[\w.-]+)*\.(?:geojson|json)(?:\.gz)?", value, re.ASCII):
        raise ValueError(explained("error.setting.outlines"))
    return value


class MapSettings(TomlTable, frozen=True):
    """Outlines for maps beyond those that come with the package, ``[map]``.

    ``outlines`` is the path of a GeoJSON file in the workspace, in degrees (EPSG:4326), plain or gzip, whose
    areas have NUTS codes; ``attribution`` is what its licence asks to be shown with them, in its own words,
    and ``attribution_page`` the address to which that leads.
    """

    outlines: Annotated[Line, _outlines, example("outlines/NUTS_RG_20M_2024_4326.geojson")]
    attribution: Annotated[Line, example("© EuroGeographics for the administrative boundaries")]
    attribution_page: Annotated[Address | None, example("https://ec.europa.eu/eurostat/web/gisco")] = None
