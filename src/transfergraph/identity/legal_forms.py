"""Legal forms in names of organisations: what stands for which, and which two no organisation can have at
once.

The patterns are RE2, without regard to case, for names as sources write them, glued words included.
"""

from __future__ import annotations

import re

from transfergraph.tables.uri_template import sql_string

_MIT = r"g?es(?:ellschaft)?\.?\s*mit\s*beschr(?:ä|ae|a)nkter\s*haftung"
_MBH = r"(?:m\.?\s?b\.?\s?h\b\.?|(?-i:mbH))"
_PUBLIC = r"\s*des\s*(?:ö|oe|o)ffentlichen\s*rechts"
_END = r"[\s,.)]*$"

FORMS: tuple[tuple[str, str], ...] = (
    (
        "gmbh-co-kg",
        rf"(?:gemeinn(?:ü|ue|u)tzige\s+)?(?:\bgg{_MBH}|g?{_MBH}|{_MIT}|limited\s*liability\s*company|\b(?:ug|ag|se|ltd|llc)\b\.?(?:\s*\(haftungs[^)]*\))?)"
        r"\s*(?:&|\+|u\.|und|and)\s*co(?:mp)?\b\.?,?\s*(?:kg\b|(?-i:KG)|ohg\b|kommanditgesellschaft)(?:aa\b)?\.?",
    ),
    (
        "ggmbh",
        rf"\bgg{_MBH}|gemeinn(?:ü|ue|u)tzige[rs]?\s*(?:{_MIT}|g?{_MBH}|(?:gesellschaft|ges\.?)\s*{_MBH})",
    ),
    ("gmbh", rf"{_MIT}|g\.?\s?{_MBH}|\bges\.?\s*{_MBH}|{_MBH}"),
    ("ug", rf"\bug\b\s*\(?\s*haftungsbeschr(?:ä|ae|a)nkt\s*\)?|\bug{_END}|unternehmergesellschaft"),
    ("kgaa", r"\bkgaa\b|kommanditgesellschaft\s*auf\s*aktien"),
    ("kg", r"(?:&\s*co\b\.?\s*)?\bkg\b\.?|kommanditgesellschaft"),
    ("ohg", r"(?:&\s*co\b\.?\s*)?\bohg\b\.?|offene\s*handelsgesellschaft"),
    ("gbr", r"\bg\.?\s?b\.?\s?r\b\.?|gesellschaft\s*b(?:ü|ue|u)rgerlichen\s*rechts"),
    ("ek", r"\be\.\s?k(?:fm|fr)?\b\.?|\be\.?k\.?" + _END + r"|eingetragener?\s*kauf(?:mann|frau)"),
    ("ev", r"e\s?\.\s?v\b\.?|\be\s?v" + _END + r"|eingetragener\s*verein"),
    ("eg", r"\be\.\s?g\b\.?|\beg" + _END + r"|eingetragene\s*genossenschaft"),
    ("ag", r"aktiengesellschaft|\bag" + _END),
    ("se", r"\bse" + _END),
    ("partg", r"\bpartg(?:\s*mbb)?\b|\bpartnerschaft(?:sgesellschaft)?(?:\s*mbb)?" + _END),
    ("public-body", rf"k(?:ö|oe|o)rperschaft{_PUBLIC}|\bk\.?\s?d\.?\s?(?:ö|oe)\.?\s?r\b\.?"),
    ("public-institution", rf"anstalt{_PUBLIC}|\ba\.?\s?d?\.?\s?(?:ö|oe)\.?\s?r\b\.?"),
    ("ltd", r"\b(?:ltd|limited|plc)" + _END),
    ("inc", r"\b(?:inc|incorporated|corp|llc|limited\s*liability\s*company)" + _END),
    ("sarl", r"\bs\.?\s?[aà]\.?\s?r\.?\s?l" + _END),
    ("sas", r"\bs\.?a\.?s" + _END),
    ("sa", r"\bs\.?\s?a" + _END),
    ("srl", r"\bs\.?\s?r\.?\s?l" + _END),
    ("spa", r"\bs\.?\s?p\.?\s?a" + _END),
    ("bv", r"\b(?:b\.?\s?v|n\.?\s?v)" + _END),
    ("sro", r"\bs\.?\s?r\.?\s?o" + _END),
    ("sp-zoo", r"\bsp\.?\s?z\.?\s?o\.?\s?o" + _END),
    ("oy", r"\b(?:oyj|oy|abp|ab|aps|a/s)" + _END),
)
"""Keys of legal forms, the longer before those that they contain, with the pattern of each."""

_CAPITAL = ("gmbh", "ggmbh", "ug", "ag", "se")
"""Forms of companies with a capital: one may be converted to the other and remain the same firm."""


def form_sql(name: str) -> str:
    """SQL for the key of the legal form in a name, NULL where it names none."""
    cases = " ".join(f"WHEN {_has(name, pattern)} THEN {sql_string(key)}" for key, pattern in FORMS)
    return f"CASE {cases} END"


def without_form_sql(name: str) -> str:
    """SQL for a name without its legal forms."""
    left = name
    for _, pattern in FORMS:
        left = f"regexp_replace({left}, {sql_string(pattern)}, ' ', 'gi')"
    return left


def excluding_sql(one: str, other: str) -> str:
    """SQL for whether one organisation cannot have both forms, False where either is unknown."""
    capital = ", ".join(map(sql_string, _CAPITAL))
    return f"coalesce({one} <> {other} AND NOT ({one} IN ({capital}) AND {other} IN ({capital})), false)"


def _has(name: str, pattern: str) -> str:
    return f"regexp_matches({name}, {sql_string(pattern)}, 'i')"


def without_form(name: str) -> str:
    """The same for one name."""
    for _, pattern in FORMS:
        name = re.sub(pattern, " ", name, flags=re.IGNORECASE)
    return name
