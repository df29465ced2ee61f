"""How a site looks by the settings of its workspace: logo and colours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from transfergraph.common.packaged import packaged
from transfergraph.config.site_settings import SiteSettings

APPEARANCE = "pages/site.json"
"""The file of a release that holds it."""

LEAST_CONTRAST = 4.5
"""Of text, by WCAG 2.2, criterion 1.4.3 (AA)."""

_DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{\n  :root \{\n(.*?)  \}\n\}\n", re.DOTALL)
_COLOUR = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
_AGAINST = {"accent": ("paper", "panel", "tint"), "on-bar": ("bar",), "bar": ("on-bar",)}


@dataclass(frozen=True, slots=True)
class Appearance:
    """The path of the logo, empty where there is none, and colours by the names in the style sheet.

    ``light`` and ``dark`` are those of each scheme, as far as the workspace states them.
    """

    logo: str = ""
    light: Mapping[str, str] = field(default_factory=dict)
    dark: Mapping[str, str] = field(default_factory=dict)

    @property
    def rules(self) -> str:
        """What stands at the end of the style sheet."""
        return "".join(
            _in_scheme(scheme, _block(colours))
            for scheme, colours in (("light", self.light), ("dark", self.dark))
            if colours
        )


def stated_appearance(settings: SiteSettings) -> Appearance:
    """What the settings say; a colour without ``dark`` holds on light pages alone."""
    light = {"accent": settings.accent, "bar": settings.bar, "on-bar": settings.on_bar}
    dark = {"accent": settings.accent_dark, "bar": settings.bar_dark, "on-bar": settings.on_bar_dark}
    return Appearance(settings.logo or "", _stated(light), _stated(dark))


def read_appearance(folder: Path) -> Appearance:
    """What a release says."""
    file = folder / APPEARANCE
    return msgspec.json.decode(file.read_bytes(), type=Appearance) if file.is_file() else Appearance()


def written_appearance(look: Appearance) -> bytes:
    """The content of :data:`APPEARANCE`."""
    return msgspec.json.format(msgspec.json.encode(look), indent=1) + b"\n"


def stylesheet(look: Appearance | None = None) -> str:
    """The style sheet of all pages, to be served at the address that the site names."""
    text = packaged("web", "templates", "pages.css").read_text("utf-8")
    text = _DARK.sub(
        lambda found: _in_scheme("dark", f"{{\n  color-scheme: dark;\n{found[1]}}}"), text, count=1
    )
    return text + (look.rules if look is not None else "")


def scheme_script() -> bytes:
    """The script by which a reader chooses the colours of all pages."""
    return packaged("web", "templates", "scheme.js").read_bytes()


def _in_scheme(scheme: str, block: str) -> str:
    """Rules for where the system asks for a scheme and the reader for no other, and where the reader does.

    What the reader chose is for the screen; paper is white.
    """
    other, media = ("light", "screen and ") if scheme == "dark" else ("dark", "")
    return (
        f'@media {media}(prefers-color-scheme: {scheme}) {{\n:root:not([data-theme="{other}"]) {block}\n}}\n'
        f'@media screen {{\n:root[data-theme="{scheme}"] {block}\n}}\n'
    )


def poor_contrasts(look: Appearance) -> Iterator[tuple[str, str, str, float]]:
    """The colours that are hard to read: scheme, name, what it is seen with, and the contrast."""
    plain = stylesheet()
    start = plain.index("@media screen and (prefers-color-scheme: dark)")
    light = dict(_COLOUR.findall(plain[:start]))
    dark = light | dict(_COLOUR.findall(plain[start : plain.index("* {", start)]))
    for scheme, usual, stated in (("light", light, look.light), ("dark", dark, look.dark)):
        colours = {**usual, **stated}
        for name in stated:
            for other in _AGAINST[name]:
                if name == "bar" and "on-bar" in stated:
                    continue  # told of the other one
                found = contrast(colours[name], colours[other])
                if found < LEAST_CONTRAST:
                    yield scheme, name, other, found


def contrast(one: str, other: str) -> float:
    """The contrast of two colours such as ``#0b5394``, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _stated(colours: Mapping[str, str | None]) -> dict[str, str]:
    return {name: colour for name, colour in colours.items() if colour is not None}


def _block(colours: Mapping[str, str]) -> str:
    return "{ " + " ".join(f"--{name}: {colour};" for name, colour in colours.items()) + " }"
