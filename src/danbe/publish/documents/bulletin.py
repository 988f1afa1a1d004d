"""The monthly bulletin: the period's figures, what changed in its last month, where, and what the cluster writes about it.

The cluster's words are the editorial text ``bulletin``; its figures are released cells, filled in by the gate.
"""

from __future__ import annotations

from danbe.publish.documents.model import Block, Document, Section, Writer, _, writer
from danbe.publish.factsheet.content import METHOD
from danbe.publish.release import Release, aor_name
from danbe.reference.catalogue.figures import TOTAL
from danbe.reference.change import change
from danbe.reference.words import month_name, percent

WIDTH = 345.0


def bulletin(release: Release, language: str) -> Document:
    """The bulletin of the release's last month, in a language."""
    w = writer(release, language)
    words = w.editorial("bulletin")
    sections = [
        Section(w.words(_("Chiffres clés")), [Block("kpis", items=w.key_figures())]),
        *([Section(w.words(_("Le mois du cluster")), words)] if words else []),
        Section(w.words(_("Ce qui change")), changes(w), column=1),
        Section(w.words(_("Ce que montrent les chiffres")), [Block("list", items=[[(f, False)] for f in w.findings()])], column=2),
        Section(w.words(_("Où sont les partenaires")), [
            w.image(w.map(WIDTH), _("Carte des organisations présentes par cercle."))], column=1),
        Section(w.words(_("Personnes atteintes par sexe et âge")), [
            w.image(w.sex_age(WIDTH), _("Pyramide des personnes atteintes par sexe et âge."))], column=2),
        Section(w.words(_("Présence et portée par région")), [
            Block("table", columns=w.table()["columns"], rows=w.table()["rows"],
                  alt=w.words(_("Présence et portée par région")))], 2),
        Section(w.words(_("Services rendus, mois par mois")), [
            w.image(w.months(700), _("Colonnes empilées : services rendus par mois et par domaine."))], 2),
        Section(w.words(_("Complétude du rapportage")), [
            w.image(w.reporting(700), _("Colonnes : rapports reçus et manquants par mois."))], 2),
        Section(w.words(_("Méthode")), [w.paragraph(line) for line in METHOD], 2),
    ]  # fmt: skip
    return w.document(_("Bulletin mensuel"), sections)


def changes(w: Writer) -> list[Block]:
    """Services of the last month beside those of the month before, by area; no rate on a small base."""
    months = w.release.months
    if len(months) < 2:
        return [w.missing(_("il faut deux mois pour dire un changement."))]
    before, last = months[-2:]
    rows = []
    for aor in (*w.release.aors, TOTAL):
        cells = [
            w.cell(w.release.row("monthly", period=m, place=w.country, aor=aor), "services_delivered")
            for m in (before, last)
        ]
        rate = None
        if all(isinstance(c, int | float) for c in cells):
            rate = change(cells[1], cells[0])  # type: ignore[arg-type]
        shown = "–" if rate is None else ("+" if rate >= 0 else "−") + percent(abs(rate), w.language)
        rows.append([aor_name(aor, w.language), *(w.show(c) for c in cells), shown.replace("\u202f", "\u00a0")])
    columns = [
        w.words(_("Domaine")),
        month_name(before, w.language),
        month_name(last, w.language),
        w.words(_("Évolution")),
    ]
    title = w.words(_("Services rendus, mois par mois"))
    return [Block("table", columns=columns, rows=rows, alt=title)]
