"""A detector of personal data in free text: names, phones, coordinates, addresses of mail, numbers of identity.

It warns the writer before a narrative is kept; it proves nothing. It prefers a warning too many to a name too few, and
knows the names common in Mali. Pure and small, so that every door may use it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from danbe.reference.text import search_key


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch ``start``–``end`` of a text. ``kind``: name, phone, coordinates, email, identity."""

    kind: str
    start: int
    end: int
    text: str


# +223 76 12 34 56, 00223…, 76-12-34-56, 76123456; other countries of the region by their prefix.
_PHONE = re.compile(r"(?<![\d.,])(?:(?:\+|00)\s?\d{1,3}[\s.-]?)?(?:\d{2}[\s.-]?){3}\d{2}(?!\d|[.,]\d)")
_LATIN_PAIR = re.compile(
    r"(?<![\d.])-?\d{1,2}[.,]\d{3,}\s*°?\s*[NSns]?\s*[,;/ ]\s*-?\d{1,3}[.,]\d{3,}\s*°?\s*[EWOewo]?(?!\d)"
)
_DEGREES = re.compile(r"\d{1,3}\s*°\s*\d{1,2}\s*['’′](?:\s*\d{1,2}(?:[.,]\d+)?\s*[\"”″])?\s*[NSEWO]?")
_MGRS = re.compile(r"\b(?:29|30|31)[P-R][A-Z]{2}\s?\d{2,5}\s?\d{2,5}\b")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_IDENTITY = re.compile(r"(?<!\d)[1-9]\d{12,14}\s?[A-Z]?(?!\d)")

_WORD = r"[A-ZÉÈÀÂÎÔÇ][\w’'éèàâîïôöûüç-]+"
_NAMED = re.compile(
    rf"\b(?:(?i:nomm[ée]+e?s?|d[ée]nomm[ée]+e?s?|appel[ée]+e?s?|surnomm[ée]+e?s?|named|called|s[’']appelle|pr[ée]nom(?:m[ée]+)?(?:\s*:)?"
    rf"|M\.|Mr\.?|Mme|Mlle|Monsieur|Madame|Mrs\.?|Ms\.?|Dr\.?|Docteur|El\s?Hadj(?:i)?|Imam|Marabout|Cheick))\s+({_WORD}(?:\s+{_WORD}){{0,3}})"
)
_CAPITALS = re.compile(rf"\b{_WORD}(?:\s+(?:Ag|Ould|Mint|Walet|Wt|Ben|dit|dite)\s+{_WORD}|\s+{_WORD}){{1,3}}")

# Family names and given names met most in Mali, as search keys.
_FAMILY_WORDS = (
    "traore keita coulibaly diarra toure maiga cisse konate sangare sidibe dembele diallo sissoko kone "
    "camara doumbia haidara sow ba barry bah diakite dicko cisse guindo togo tembely poudiougou kassogue "
    "ongoiba dolo kodio arama yalcouye tapily saye karembe djiguiba berthe sanogo ballo fofana dabo kante "
    "kouyate diabate sacko niare niang sylla samake bagayoko fomba dramera tounkara simpara kamissoko "
    "magassa gassama drame "
)
_FAMILY = frozenset(_FAMILY_WORDS.split())
_GIVEN_WORDS = (
    "amadou mamadou moussa oumar ousmane ibrahim ibrahima seydou souleymane boubacar abdoulaye modibo "
    "adama issa idrissa youssouf hamidou aliou alou bakary drissa lassana sekou cheick mohamed ahmed "
    "alhassane ali aly hamma hama samba demba aminata fatoumata mariam kadiatou awa aissata oumou djeneba "
    "rokia ramata assitan hawa salimata nana bintou safiatou kadidia zeinab zeinabou fadimata tahirou "
    "salif madou bourama siaka "
)
_GIVEN = frozenset(_GIVEN_WORDS.split())
_PARTICLES = frozenset({"ag", "ould", "mint", "walet", "wt", "ben"})


@lru_cache
def _places() -> frozenset[str]:
    """Words of places, which look like names and are none."""
    words = (
        "mopti gao tombouctou timbuktu segou sikasso kayes koulikoro kidal menaka taoudeni bamako "
        "bandiagara bankass koro douentza djenne tenenkou youwarou niono macina san tominian ansongo "
        "bourem gossi gourma rharous niafunke dire goundam nara banamba kati nioro mali niger burkina "
        "faso region cercle commune village site marche foire "
    )
    return frozenset(words.split())


def find(text: str) -> list[Finding]:
    """What in ``text`` looks like personal data, in order, no two overlapping."""
    found: list[Finding] = []
    for kind, pattern in (
        ("coordinates", _LATIN_PAIR), ("coordinates", _DEGREES), ("coordinates", _MGRS), ("email", _EMAIL),
        ("identity", _IDENTITY), ("phone", _PHONE),
    ):  # fmt: skip
        found += [_finding(kind, m.start(), m.end(), text) for m in pattern.finditer(text) if not _number(kind, m)]
    found += [_finding("name", m.start(1), m.end(1), text) for m in _NAMED.finditer(text) if not _all_places(m[1])]
    found += [_finding("name", m.start(), m.end(), text) for m in _CAPITALS.finditer(text) if _is_name(m[0])]
    kept: list[Finding] = []
    order = ("coordinates", "email", "identity", "phone", "name")
    for finding in sorted(found, key=lambda f: (order.index(f.kind), f.start, -f.end)):
        if all(finding.end <= k.start or finding.start >= k.end for k in kept):
            kept.append(finding)
    return sorted(kept, key=lambda f: f.start)


def kinds(text: str) -> dict[str, int]:
    """How many of each kind were found: what may be logged, since it holds nothing of the text."""
    counts: dict[str, int] = {}
    for finding in find(text):
        counts[finding.kind] = counts.get(finding.kind, 0) + 1
    return counts


def _finding(kind: str, start: int, end: int, text: str) -> Finding:
    return Finding(kind, start, end, text[start:end])


def _number(kind: str, match: re.Match[str]) -> bool:
    """Eight digits that are a date (20220613) are no phone."""
    digits = re.sub(r"\D", "", match[0])
    return kind == "phone" and len(digits) == 8 and digits[:2] in ("19", "20") and digits[4:6] <= "12"


def _all_places(words: str) -> bool:
    return all(w in _places() for w in search_key(words).split())


def _is_name(words: str) -> bool:
    keys = search_key(words).split()
    said = [k for k in keys if k not in _places()]
    if any(k in _PARTICLES for k in keys):
        return True
    return any(k in _FAMILY or k in _GIVEN for k in said) and len(said) > 1
