"""What an audit says to people, in French or English: what falls out, by which sums, from which files."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from danbe.protect.verify import findings as kinds
from danbe.protect.verify.findings import Audit, Finding
from danbe.reference.words import translator


def _(message: str) -> str:
    """Marks a French source string; it is translated when shown."""
    return message


KINDS: dict[str, str] = {
    kinds.EXACT_SMALL: _("Petit effectif retrouvé exactement"),
    kinds.EXACT_SENSITIVE: _("Effectif d’un sujet sensible retrouvé exactement"),
    kinds.EXACT_HIDDEN: _("Effectif masqué retrouvé exactement"),
    kinds.INCREMENT: _("Petite différence entre deux éditions"),
    kinds.OTHERS: _("Petit effectif des autres, retrouvé par une organisation qui retire le sien"),
    kinds.AUTHOR: _("Nom d’une personne dans les propriétés d’un fichier"),
    kinds.EXACT_ZERO: _("Zéro masqué retrouvé"),
    kinds.SPARE: _("Masqué seulement pour en protéger d’autres, et retrouvé : peut être montré"),
    kinds.EARLIER: _("Déjà retrouvé dans les éditions antérieures seules"),
    kinds.NARROW: _("Effectif certainement petit et non nul"),
    kinds.REST: _("Un total dépasse ses parties d’un petit effectif"),
    kinds.HIDDEN_PART: _("Partie de fichier qui ne se voit pas à l’ouverture"),
    kinds.UNREAD: _("Fichier illisible"),
    kinds.CONTRADICTION: _("Passage qui contredit les tables ou n’a pas été compris"),
}
ATTACKERS = {
    "reader": _("un lecteur"),
    "insider": _("un lecteur qui sait quelles cases sont petites"),
    "organisation": _("une organisation qui connaît ses propres fiches"),
}
_READ = _("%(files)s fichiers lus, %(cells)s cases, %(hidden)s masquées, %(sums)s relations trouvées.")
_PLAIN = _("%(cells)s cases, %(hidden)s masquées, %(sums)s relations.")
_TRIED = _("%(attacked)s cases attaquées : %(derived)s retrouvées, %(whole)s ambiguës (deux tables entières), %(two)s ambiguës (deux tables), %(loose)s non déterminées par les sommes, %(undecided)s non tranchées faute de temps.")  # fmt: skip
_SAFE = _("Aucun effectif masqué ne se retrouve (zéros à part).")
_UNSAFE = _("%(n)s constats : ces fichiers ne devraient pas rester publics.")
_REMARKS = _("Remarques (n’empêchent pas la publication) :")
_MORE = _("… et %(n)s autres (--json pour toutes)")


def lines(audit: Audit, language: str = "fr", most: int = 10) -> Iterator[str]:
    """The report, line by line; ``most`` findings of each kind are told in full."""
    say = translator(language)
    facts = audit.facts
    if facts.get("cells"):
        yield say(_READ if "files" in facts else _PLAIN) % facts
        yield say(_TRIED) % {
            **facts,
            "whole": facts["two_whole_tables"],
            "two": facts["two_tables"],
        }
    for refused in (True, False):
        chosen = [f for f in audit.findings if f.is_leak == refused]
        if refused:
            yield say(_UNSAFE) % {"n": len(chosen)} if chosen else say(_SAFE)
        elif chosen:
            yield say(_REMARKS)
        for kind in KINDS:
            alike = [f for f in chosen if f.kind == kind]
            if not alike:
                continue
            yield f"\n{say(KINDS[kind])} : {len(alike)}"
            for finding in alike[: most if refused else 3]:
                yield from _one(finding, say)
            if len(alike) > (most if refused else 3):
                yield "  " + say(_MORE) % {"n": len(alike) - (most if refused else 3)}


def _one(finding: Finding, say: Callable[[str], str]) -> Iterator[str]:
    value = f"{finding.low:g}" if finding.low == finding.high else f"{finding.low:g} – {finding.high:g}"
    where = finding.name or ", ".join(f"{k} {v}" for k, v in finding.cell.items())
    if finding.kind in (kinds.AUTHOR, kinds.HIDDEN_PART, kinds.UNREAD, kinds.CONTRADICTION):
        yield f"  {finding.cell.get('file', '')}"
    else:
        yield f"  {where} = {value}  ({say(ATTACKERS[finding.attacker])})"
    for step in finding.steps:
        files = f"  ← {', '.join(step.files)}" if step.files else ""
        yield f"      {step.text}{files}"
