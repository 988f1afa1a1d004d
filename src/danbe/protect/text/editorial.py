"""Editorial texts looked over before a release: no typed figure, no person, and every placeholder holds.

A figure typed in a text is never checked again: it outlives its correction, and it may say what the gate withheld.
Years, dates, references of law, list numbers and names of standards are not figures.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from danbe.protect.reasons import Refused
from danbe.protect.reasons_text import TextReason, position
from danbe.protect.text.cells import ReleasedCells
from danbe.protect.text.template import PLACEHOLDER, render, resolve
from danbe.reference.personal import DAY, Finding, detect

_COUNTED = (
    r"(?:personnes?|victimes?|surviva\w+|enfants?|filles?|garçons?|femmes?|hommes?|incidents?|violations?|cas|ménages?|déplacé\w*|retourné\w*"
    r"|réfugié\w*|morts?|tué\w*|blessé\w*|décès|attaques?|enlèvements?|viols?|meurtres?|civils?|villages?|sites?|écoles?|bénéficiaires?|habitants?"
    r"|people|persons?|victims?|survivors?|child(?:ren)?|girls?|boys?|wom[ae]n|m[ae]n|cases?|households?|idps?|returnees?|refugees?|deaths?|killed"
    r"|injured|attacks?|abductions?|rapes?|murders?|civilians?|schools?|beneficiaries)"
)
_LAW = re.compile(
    r"\b(?:résolutions?|loi|décrets?|ordonnances?|arrêtés?|conventions?|protocoles?|articles?|art\.|chapitres?|sections?|annexes?|directives?|accords?|alinéas?"
    r"|normes?|pages?|p\.|version|note|objectifs?|axe|étape|phase|figure|tableau|numéro|n[°ºo]"
    r"|resolutions?|laws?|acts?|decrees?|chapters?|annex(?:es)?|principles?|standards?|objectives?|steps?|no\.|IMAS|TNMA|ISO|RFC)"
    r"[\s\u00a0]*(?:(?:n[°ºo.]|no\.|number|numéro|du Conseil de sécurité|de la|du|de|des)[\s\u00a0]*)*"
    r"[A-Z]?/?\d[\w./-]*(?:[\s\u00a0]*(?:,|et|à|and|to|-|–)[\s\u00a0]*\d[\w./-]*)*(?![\s\u00a0]*%)",
    re.IGNORECASE,
)
_YEAR = re.compile(
    rf"\b(?:19|20)\d\d\b(?![\s\u00a0\u202f]*%)(?![\s\u00a0\u202f]+{_COUNTED}\b)(?![.,]\d)", re.IGNORECASE
)
_NOT_FIGURES = (
    re.compile(r"^[ \t>]*(?:#+[ \t]*)?\d{1,2}[.)](?=[ \t])", re.MULTILINE),  # list and heading numbers
    re.compile(r"\[\^?\d{1,3}\](?!\()"),  # footnotes
    re.compile(r"https?://\S+|(?<=\]\()[^)\s]+"),  # addresses
    re.compile(r"(?<![\w.,])(?:[345]W|24/7|24[\s\u00a0]?h(?:/24)?|7[\s\u00a0]?j(?:/7)?|6\+1|72[\s\u00a0]?h)(?!\w)", re.IGNORECASE),
    re.compile(r"\b[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ-]*-?\d+(?:[./-]\d+)*\b(?![\s\u00a0]*%)"),  # OS1, PAF-12, COVID-19, T1
    re.compile(r"\b\d{1,2}(?:er|re|ère|e|ème|st|nd|rd|th)\b"),  # ordinals
    DAY,
    _LAW,
    _YEAR,
)  # fmt: skip
_NUMBER = re.compile(
    r"[<>≤≥±~]?[\s\u00a0]?[+-]?\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?(?:[\s\u00a0\u202f]?(?:%|‰|pour cent|per ?cent|millions?|milliards?|billions?)|[kKM](?!\w))?"
)
_COUNT_WORDS = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|cinquante|soixante|cent|cents|mille"
    "|two|three|four|five|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty"
    "|sixty|seventy|eighty|ninety|hundred|thousand|un seul|une seule|aucune?|only one|a single|no"
)
_WORDS = (
    re.compile(rf"\b(?:{_COUNT_WORDS})(?:[\s-](?:et[\s-])?(?:{_COUNT_WORDS}|un|une|one))*\s+(?:\w+\s+){{0,1}}?{_COUNTED}\b", re.IGNORECASE),
    re.compile(
        r"\b(?:(?:(?:un|deux|le|les deux|une?)\s+(?:tiers|quarts?|cinquièmes?|dixièmes?|dizaines?|douzaines?|vingtaines?|centaines?|milliers?)|les?\s+trois\s+quarts"
        r"|trois\s+quarts|la\s+moitié|une\s+moitié|une\s+personne\s+sur\s+\w+)(?=\s+(?:de|des|du|d’|d'))|une\s+\w+\s+sur\s+(?:deux|trois|quatre|cinq|dix)"
        r"|(?:half|a\s+third|one\s+third|two\s+thirds|a\s+quarter|one\s+quarter|three\s+quarters|a\s+dozen|dozens|hundreds|thousands)(?=\s+of)"
        r"|\w+\s+(?:pour\s+cent|per\s?cent)|one\s+in\s+(?:two|three|four|five|ten))\b",
        re.IGNORECASE,
    ),
)  # fmt: skip


def check_editorial(
    text: str,
    released_cells: ReleasedCells,
    language: str,
    *,
    allowed: Collection[str] = (),
    known: Collection[str] = (),
    country: str = "mli",
) -> list[TextReason]:
    """What bars an editorial text (Markdown) of a release, in order of place; empty when it may leave.

    ``allowed``: passages the cluster has approved as they stand (its hotline, the threshold of its plan, the address of
    its coordination). ``known``: names that are not a person's, such as members of the cluster.
    """
    reasons: list[tuple[int, TextReason]] = []
    for found in resolve(text, released_cells, language):
        reasons += [(found.start, r) for r in found.reasons]
    masked = _mask(text, PLACEHOLDER)
    for passage in sorted(filter(None, allowed), key=len, reverse=True):
        masked = masked.replace(passage, " " * len(passage))
    persons = detect(masked, known, country=country)
    reasons += [(f.start, reason_of(f, text)) for f in persons if f.certain]
    for finding in persons:
        masked = masked[: finding.start] + " " * (finding.end - finding.start) + masked[finding.end :]
    reasons += list(_typed(text, masked))
    return [reason for _, reason in sorted(reasons, key=lambda item: item[0])]


def reason_of(finding: Finding, text: str) -> TextReason:
    """A finding as a reason with its line and column; what was found is not in it."""
    return TextReason(f"text.{finding.kind}", position(text, finding.start))


def check_folder(
    folder: Path, released_cells: ReleasedCells, *, allowed: Collection[str] = (), known: Collection[str] = ()
) -> dict[str, list[TextReason]]:
    """The same for each «name.language.md» of a folder of texts: file name → reasons, files that may leave left out."""
    found = {}
    for path in sorted(folder.glob("*.md")):
        text = path.read_text("utf-8")
        reasons = check_editorial(text, released_cells, _language(path), allowed=allowed, known=known)
        if reasons:
            found[path.name] = [TextReason(r.rule, r.details | {"file": path.name}) for r in reasons]
    return found


def settle_folder(
    source: Path,
    target: Path,
    released_cells: ReleasedCells,
    *,
    allowed: Collection[str] = (),
    known: Collection[str] = (),
) -> list[Path]:
    """Writes the texts of ``source`` to ``target`` with their figures, each in its language; returns what it wrote.

    Raises ``Refused`` with the reasons of every text, before anything is written.
    """
    broken = check_folder(source, released_cells, allowed=allowed, known=known)
    if broken:
        raise Refused([reason for reasons in broken.values() for reason in reasons])
    texts = {p.name: render(p.read_text("utf-8"), released_cells, _language(p)) for p in sorted(source.glob("*.md"))}
    target.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (target / name).write_text(text, "utf-8")
    return [target / name for name in texts]


def _language(path: Path) -> str:
    """«home.en.md» is English; a text that does not say is French."""
    return "en" if path.stem.endswith(".en") else "fr"


def _mask(text: str, pattern: re.Pattern[str]) -> str:
    """The text with what matches blanked, so that places stay the same."""
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def _typed(text: str, masked: str) -> Iterator[tuple[int, TextReason]]:
    for pattern in _NOT_FIGURES:
        masked = _mask(masked, pattern)
    for rule, patterns in (("text.number", (_NUMBER,)), ("text.number_word", _WORDS)):
        for pattern in patterns:
            for match in pattern.finditer(masked):
                start = match.start() + len(match.group()) - len(match.group().lstrip())
                yield start, TextReason(rule, position(text, start) | {"value": match.group().strip()})
