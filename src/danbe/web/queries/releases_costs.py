"""What a release costs its readers, as the gate counts it (``protect.explain.costs``), in words, before anyone approves.

A release made elsewhere, of which nothing is kept inside, only says how many cells are hidden.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from danbe.reference.words import number, percent, plural_translator, translator
from danbe.register.models import User
from danbe.web.models import Release
from danbe.web.queries.releases import told
from danbe.web.queries.releases_cells import Cells, cells
from danbe.web.queries.releases_words import Words


def _(message: str) -> str:
    """Marks a French source string; it is translated when shown."""
    return message


@dataclass(frozen=True)
class Line:
    """One line of the account, in words."""

    label: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Costs:
    """``stated``: the gate's account, counts once each however many tables print them; ``hidden``: cells withheld in the
    tables. ``coarsened``, ``proof``, ``suggestions`` as the gate tells them."""

    hidden: int
    stated: dict[str, Any] = field(default_factory=dict)
    coarsened: list[Any] = field(default_factory=list)
    proof: dict[str, Any] = field(default_factory=dict)
    suggestions: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {**self.stated, "withheld_in_tables": self.hidden}

    def lines(self, language: str) -> list[Line]:
        tr, stated = translator(language), self.stated
        if not stated:
            return [Line(tr(_("Cases masquées dans les tables")), number(self.hidden, language))]
        share = percent(stated["hidden"] / stated["cells"] if stated["cells"] else None, language)
        found = [
            Line(tr(_("Effectifs de personnes")), number(stated["cells"], language)),
            Line(tr(_("Masqués")), number(stated["hidden"], language), share),
            Line(tr(_("Dont compléments")), number(stated["complements"], language)),
            Line(tr(_("Personnes dans les cases masquées")), number(stated["persons_hidden"], language)),
            Line(
                tr(_("Grands effectifs gardés exacts")),
                exactly(stated["exact"], language),
                tr(_("au-dessus du seuil")),
            ),
        ]
        if stated["exact_outside_sensitive"] != stated["exact"]:
            outside = exactly(stated["exact_outside_sensitive"], language)
            found.append(Line(tr(_("Grands effectifs gardés exacts")), outside, tr(_("hors sujets sensibles"))))
        return found

    def coarsened_lines(self, language: str) -> list[str]:
        return [_told(item, language) for item in self.coarsened]

    def late_lines(self, words: Words, language: str) -> list[str]:
        """Rows that came after their month was published: which wait for a later edition, and which are in this one."""
        ngettext, found = plural_translator(language), []
        for item in self.stated.get("held_back") or []:
            n = item["rows"]
            if item["waits"]:
                said = ngettext("%(where)s : %(n)s ligne attend", "%(where)s : %(n)s lignes attendent", n)
            else:
                said = ngettext("%(where)s : %(n)s ligne tardive entre", "%(where)s : %(n)s lignes tardives entrent", n)
            where = words.cell({"period": item["period"], "place": item["place"] or None}, language)
            found.append(said % {"where": where, "n": number(n, language)})
        return found

    def suggestion_lines(self, language: str) -> list[str]:
        return [
            f"{s['id']} : {s[language]}" + (f" ({exactly(s['exact'], language)})" if "exact" in s else "")
            for s in self.suggestions
        ]

    def proof_lines(self, language: str) -> list[str]:
        """The proof in words: how many cells have another table that fits everything published, against whom."""
        tr, proof = translator(language), self.proof
        if "small" not in proof:
            return []
        n = {name: number(value, language) for name, value in proof.items() if isinstance(value, int)}
        said = [
            tr(_("Pour chacune des %(small)s cases à protéger, un autre tableau de nombres entiers concorde avec tout ce qui est publié (%(sums)s sommes)."))
            % n
        ]  # fmt: skip
        if proof.get("organisations"):
            said.append(
                tr(
                    _(
                        "Vérifié aussi contre %(organisations)s organisations qui retrancheraient leurs propres chiffres."
                    )
                )
                % n
            )
        if editions := int(proof.get("editions", 0)):
            ngettext = plural_translator(language)
            said.append(
                ngettext(
                    "Vérifié avec %(editions)s édition déjà publiée.",
                    "Vérifié avec %(editions)s éditions déjà publiées.",
                    editions,
                )
                % n
            )
        if proof.get("unproven"):
            said.append(tr(_("Sans preuve : %(unproven)s.")) % n)
        return said


def exactly(ratio: float, language: str) -> str:
    """A share of counts kept exact, to one decimal («84,0 %»)."""
    return f"{number(100 * ratio, language, 1)}\u202f%"


def _told(item: Any, language: str) -> str:
    """What the gate says in words: ``{fr, en}``, or plain text."""
    if isinstance(item, dict):
        return str(item.get(language) or item.get("fr") or item.get("text") or item)
    return str(item)


def costs(user: User, release: Release, found: Cells | None = None) -> Costs:
    """What the release hides; raises ``NotAllowed``."""
    kept = told(user, release)
    found = found or cells(user, release)
    return Costs(
        len(found.hidden),
        kept.get("costs") or {},
        list(kept.get("coarsened") or []),
        kept.get("proof") or {},
        list(kept.get("suggestions") or []),
    )
