"""Which names are surely those of organisations: lists of beneficiaries have persons among them.

A list of what is allowed, no detector of persons: a name has a legal form that no single person can have
(so neither GbR nor e.K.), or a word of a public body. What is in doubt is taken for a person.
"""

from __future__ import annotations

import re

_GLUED = re.compile("(?<=[a-zäöüß.])(?=[A-ZÄÖÜ])")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_NO_LETTER = re.compile(r"[\W\d_]+")
_PARTNERS = re.compile(r"\bGbR\b|\be\. ?K(fm|fr)?\b|\b[Ii]nh(aber|aberin|\.)|Einzelunternehm")
_COMPACT = re.compile(
    r"gmbh|gesellschaftmbh|gesellschaftmitbeschränkterhaftung|aktiengesellschaft|zweckverband"
)
_CERTAIN = re.compile(r"mbH|\bAG\b|gAG\b|\bSE\b|\be\. ?G\.?\b|\beG\b|\bKGaA\b|(?<=[a-zäöüß])e\. ?V\.")
_LEGAL_FORM = re.compile(
    r"gesellschaft mit beschränkter|[Uu]nternehmergesellschaft|\bUG\b|\bKG\b|\bOHG\b|\boHG\b|\bPartG"
    r"|\bPartnerschafts?gesellschaft"
    r"|\be\. ?V\b\.?|\beV\b|\bE\. ?V\b\.?|[Ee]ingetragener Verein|[Gg]enossenschaft\b"
    r"|\bAöR\b|\bKdöR\b|\bK\.?d\.?ö\.?R\b|\bgUG\b|\bLimited\b|\bLtd\b|\bS\.?A\.?R\.?L\b|\bB\.V\."
)
_PUBLIC_BODY = re.compile(
    r"\b(Freistaat|Landkreis|Kreisstadt|Stadt|Gemeinde|Landeshauptstadt|Bundesrepublik)\b"
    r"|(Stadt|Gemeinde|Kreis|Landes|Bundes|Bezirks)(verwaltung|amt|direktion|anstalt|betrieb|vereinigung|verband)"
    r"|([Mm]inisterium|[Uu]niversität|[Hh]ochschule|[Ff]achhochschule|Berufsakademie|Studentenwerk|Universitätsklinikum)\b"
    r"|\b(Fraunhofer|Helmholtz-|Leibniz-|Max-Planck)|\b(Handwerkskammer|Industrie- und Handelskammer|IHK)\b"
    r"|(Abwasserverband|[Kk]örperschaft des öffentlichen|Anstalt des öffentlichen|Staatsbetrieb)"
    r"|\b(Kirchgemeinde|Kirchenbezirk|Kirchspiel|Bistum|Landeskirche|Kirchgemeindeverband|Diözese)\b"
    r"|[Kk]reisverband|[Ll]andesverband|\bStiftung\b|\bKreishandwerkerschaft\b|\b(Land|Bezirks)ratsamt\b"
    r"|\bLandratsamt\b|\bUniversity\b|\bTechnische Universität|\bTU [A-Z]|Bundesagentur"
)


def names_organisation(name: str) -> bool:
    """Whether this is surely the name of an organisation, however its words are glued together."""
    plain = " ".join(_INVISIBLE.sub("", name).split())
    if _COMPACT.search(_NO_LETTER.sub("", plain).lower()):
        return True
    variants = (plain, _GLUED.sub(" ", plain))
    if any(_CERTAIN.search(one) for one in variants):
        return True
    if any(_PARTNERS.search(one) for one in variants):
        return False
    return any(_LEGAL_FORM.search(one) or _PUBLIC_BODY.search(one) for one in variants)


_ADDRESSED = re.compile(r"\b(Herrn?|Frau)\s+([A-Z]\w*\.\s*)*[A-ZÄÖÜ]\w+")


def addresses_person(text: str) -> bool:
    """Whether a text speaks of somebody by name: ``für Frau Dr. Muster``."""
    return _ADDRESSED.search(text) is not None
