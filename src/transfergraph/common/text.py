"""A text in several languages."""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """One sentence in both languages."""

    de: str
    en: str

    def in_language(self, language: str) -> str:
        """The text in ``"de"`` or ``"en"``."""
        return self.de if language == "de" else self.en
