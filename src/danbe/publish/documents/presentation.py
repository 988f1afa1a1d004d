"""The two-page presentation of the cluster: the sections of the cluster's own presentation, in its order, from live figures.

A section whose data the release does not hold says so, and fills by itself once a release does.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from danbe.publish.documents.model import Block, Document, Section, Writer, _, writer
from danbe.publish.release import Release, aor_name, is_withheld
from danbe.reference.codelists import codelist
from danbe.ui import PROTECTED, charts

WIDTH = 345.0


def presentation(release: Release, language: str) -> Document:
    """The presentation in a language: key figures, composition, funding, contacts; concept, objectives, structure, tools."""
    w = writer(release, language)
    return w.document(
        _("Présentation du cluster"),
        [
            Section(w.words(_("Chiffres clés")), [Block("kpis", items=w.key_figures())]),
            Section(w.words(_("Composition du cluster")), composition(w), column=1),
            Section(w.words(_("Financement du cluster")), funding(w), column=2),
            Section(w.words(_("Contacts")), contacts(w), column=2),
            Section(w.words(_("Concept de protection")), _text(w, "concept"), 2),
            Section(w.words(_("Objectifs du cluster")), objectives(w), 2),
            Section(w.words(_("Structure du cluster")), structure(w), 2),
            Section(w.words(_("Outils disponibles")), tools(w), 2),
        ],
    )


def _text(w: Writer, name: str) -> list[Block]:
    return w.editorial(name) or [w.missing(_("cette publication ne porte pas ce texte."))]


def composition(w: Writer) -> list[Block]:
    """Members and observers where the register is in the release; the organisations of the 5W by type in any case."""
    blocks = []
    members = w.release.register("members")
    if members:
        local = sum(bool(m.get("local")) for m in members)
        blocks.append(
            w.paragraph(
                _("%(members)s membres et observateurs, dont %(local)s organisations locales ou nationales."),
                members=w.show(len(members)), local=w.show(local),
            )
        )  # fmt: skip
    else:
        blocks.append(w.missing(_("le registre des membres n’est pas dans cette publication.")))
    types = Counter(o["organisation_type"] or "AUT" for o in w.release.organisations.values())
    bars: list[dict[str, Any]] = [
        {"label": item.label(w.language), "value": types[item.code]}
        for item in codelist("org_type").items
        if types[item.code]
    ]
    if bars:
        title = w.words(_("Organisations actives dans la réponse, par type"))
        told = ", ".join(f"{b['label']} {w.show(b['value'])}" for b in bars)
        blocks.append(Block("paragraph", [(title, True)]))
        blocks.append(Block("image", svg=charts.bars(bars, title, "", w.language, WIDTH), alt=f"{title} : {told}"))
    title = w.words(_("Organisations présentes par cercle"))
    return [
        *blocks,
        Block("paragraph", [(title, True)]),
        w.image(w.map(WIDTH), _("Carte des organisations présentes par cercle.")),
    ]


PARTS = {"PLAN": _("Plan entier"), "NON_PRECISE": _("Non précisé"), "PARTAGE": _("Partagé entre secteurs")}
"""Parts of a plan that are no area of responsibility."""


def funding(w: Writer) -> list[Block]:
    """Required, received and coverage of the last year the release holds, the plan's parts apart; pledges excluded."""
    rows = w.release.register("funding")
    if not rows:
        return [w.missing(_("le financement n’est pas dans cette publication."))]
    year = max(r["year"] for r in rows)
    lines = []
    for row in sorted(
        (r for r in rows if r["year"] == year), key=lambda r: (r["part"] != "PLAN", r["part"] in PARTS, r["part"])
    ):
        required, received, part = row["required"], row["received"], str(row["part"])
        share = received / required if required and received is not None else None
        label = w.words(PARTS[part]) if part in PARTS else aor_name(part, w.language)
        lines.append([label, w.show(required), w.show(received), w.show(share, ratio=True)])
    columns = [_("Part"), _("Requis (USD)"), _("Reçu (USD)"), _("Couvert")]
    told = _("Année %(year)s, à la date du %(day)s. Promesses exclues.")
    day = max(str(r["as_of"] or "") for r in rows if r["year"] == year)
    return [w.paragraph(told, year=year, day=day or "n.d."), w.grid(columns, lines, _("Financement du cluster"))]


def contacts(w: Writer) -> list[Block]:
    """Functions with their line and mailbox, never a name."""
    rows = w.release.register("contacts")
    if not rows:
        return [w.missing(_("les contacts par fonction ne sont pas dans cette publication."))]

    def said(row: dict[str, Any], *names: str) -> str:
        return next((str(row[n]) for n in names if row.get(n)), "")

    lines = [
        [said(r, f"function_{w.language}", "function_fr", "function"), said(r, "phone"), said(r, "email", "mailbox")]
        for r in rows
    ]
    return [w.grid([_("Fonction"), _("Téléphone"), _("Courriel")], lines, _("Contacts du cluster"))]


def objectives(w: Writer) -> list[Block]:
    """The objectives as the cluster words them, and what the response brought to each in the period."""
    of = {i["indicator_id"]: i["objective"] for i in w.release.table("indicators")}
    lines = []
    for item in codelist("objective").items:
        rows = [
            r for r in w.release.rows("by_indicator", period=w.release.span) if of.get(r["indicator_id"]) == item.code
        ]
        if not rows:
            lines.append([item.label(w.language), w.show(0), w.words(_("n.d."))])
            continue
        hidden = any(is_withheld(r, "services_delivered") for r in rows)
        known = [r["services_delivered"] for r in rows if r["services_delivered"] is not None]
        total = PROTECTED if hidden else sum(known) if known else None
        lines.append([item.label(w.language), w.show(len(rows)), w.show(total)])
    columns = [_("Objectif"), _("Indicateurs rapportés"), _("Services rendus")]
    return [*_text(w, "objectives"), w.grid(columns, lines, _("Avancement par objectif, sur la période"))]


def structure(w: Writer) -> list[Block]:
    """The dated structure where the release holds it, else the cluster's own text."""
    rows = w.release.register("cluster_structure")
    if not rows:
        return _text(w, "structure")
    names = [str(r.get(f"name_{w.language}") or r.get("name_fr") or r.get("name")) for r in rows]
    return [Block("list", items=[[(name, False)] for name in names])]


TOOLS = (
    ("documents", _("Stratégie du Cluster Protection")),
    ("monitoring_violations", _("Tableau de bord du monitoring de protection")),
    ("assessments", _("Tableau de bord des évaluations rapides de protection")),
    ("need_target_reached", _("Tableau de bord de la présence opérationnelle et du suivi de la réponse (5W)")),
    ("services", _("Cartographie des services de protection")),
    ("mechanisms", _("Cartographie des mécanismes communautaires de protection")),
)
"""The tools of the cluster, each with the table or register that has to be in the release for it to be public."""


def tools(w: Writer) -> list[Block]:
    """Which tools the public site of this release holds."""
    lines = []
    for name, label in TOOLS:
        there = bool(w.release.table(name) or w.release.register(name))
        lines.append([w.words(label), w.words(_("sur le site public")) if there else w.words(_("n.d."))])
    lines.append([w.words(_("Site internet du Cluster Protection")), w.words(_("cette publication"))])
    return [w.grid([_("Outil"), _("Où")], lines, _("Outils disponibles"))]
