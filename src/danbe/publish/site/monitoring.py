"""The public page «Suivi de protection»: violations, victims and incidents, each in its unit, from the release alone."""

from __future__ import annotations

from typing import Any

from danbe.publish.release import Release
from danbe.publish.site.figures import PLACE, SEX_AGE, Figure, Scope, Value, measure, value
from danbe.publish.site.monitoring_scope import (
    BREAKS,
    NARROW,
    WIDE,
    Board,
    by_cercle,
    code_columns,
    left_over,
    listed,
    stacked,
)
from danbe.reference.catalogue.figures import FIGURES
from danbe.reference.typology import NOT_VIOLATIONS, UNSPECIFIED
from danbe.reference.words import number, percent
from danbe.ui import charts
from danbe.ui.charts.heat import heat

TABLE = "monitoring_violations"
MODULES = ("explosive_ordnance", "grave_violations", "land_disputes", "civil_documentation", "cohesion")


def has_monitoring(release: Release) -> bool:
    return bool(release.table(TABLE))


def page(scope: Scope) -> dict[str, Any]:
    """What the template ``monitoring.html`` shows."""
    _, board = scope._, Board(scope, TABLE)
    labels = {c: label for c, label in board.codes("violation_category").items() if c not in NOT_VIOLATIONS}
    figures: dict[str, Figure | None] = {
        "months": stacked(
            board, "months", _("Violations par mois et catégorie"), TABLE, "violations", labels,
            _("Les parties protégées d’un mois sont dessinées ensemble ; la hauteur est celle du total."),
        ),
        "map": by_cercle(
            board, "map", _("Violations par cercle"), TABLE, "violations",
            _("Classes fixes, les mêmes à chaque édition. Un cercle sans couleur n’a rien fait connaître : ce n’est pas zéro."),
        ),
        "heat": _heat(board, labels),
        "pyramid": _pyramid(board),
        "status": listed(
            board, "status", _("Victimes par statut de population"), "monitoring_victims_status", "population_status",
            board.codes("population_status"), _("Une personne qui a subi deux violations compte dans chacune."),
        ),
        "risks": listed(
            board, "risks", _("Violations par risque de protection"), "monitoring_risks", "category",
            board.codes("paf_risk"), _("Les mêmes violations, selon les quinze risques du cadre d’analyse."),
        ),
        **{name: _module(scope, name) for name in MODULES},
    }  # fmt: skip
    return {
        "board": board,
        "key_figures": strip(board),
        "sentences": sentences(board, labels),
        "figures": {k: f for k, f in figures.items() if f},
        "modules": [m for m in MODULES if figures[m]],
    }


def strip(board: Board) -> list[dict[str, Any]]:
    """The key figures, each naming its unit; «non précisé» is always told."""
    _ = board.scope._
    at = (board.span, board.country)
    unknown = board.part(TABLE, "violations", *at, category=UNSPECIFIED)
    unsaid = board.part("monitoring_victims", "victims", *at, sex_age=UNSPECIFIED)
    rise, why = board.rise(TABLE, "violations")
    incidents = board.row("monitoring_incidents", *at)
    return [
        {
            "label": _("Violations"),
            "value": value(board.row(TABLE, *at), "violations"),
            "change": rise,
            "note": f"{why} · {_('dont %(n)s de catégorie non précisée') % {'n': _said(board, unknown)}}",
        },
        {
            "label": _("Incidents"),
            "value": value(incidents, "incidents"),
            "note": _("incidents documentés ou corroborés"),
        },
        {
            "label": _("Victimes"),
            "value": value(board.row("monitoring_victims", *at), "victims"),
            "note": _("personnes ; dont %(n)s de sexe et d’âge non précisés") % {"n": _said(board, unsaid)},
        },
        {
            "label": _("Alertes rapides"),
            "value": value(incidents, "flash_alerts"),
            "note": _("alertes non documentées, hors violations"),
        },
    ]


def _said(board: Board, item: Value) -> str:
    return number(item, board.language) if isinstance(item, int | float) or item is None else board.scope._("protégé")


def sentences(board: Board, labels: dict[str, str]) -> list[str]:
    """What the figures say, each sentence a template over cells of the release; none where a cell is withheld."""
    _, at = board.scope._, board.span
    total = value(board.row(TABLE, at, board.country), "violations")
    if not isinstance(total, int | float) or not total:
        return []
    regions = {p["name"]: value(board.row(TABLE, at, p["place_id"]), "violations") for p in board.release.regions}
    parts = {labels[c]: value(board.row(TABLE, at, board.country, category=c), "violations") for c in labels}
    found = []
    for cells, text in (
        (regions, _("La région qui en rapporte le plus est %(name)s : %(n)s sur %(total)s violations (%(share)s).")),
        (parts, _("La catégorie la plus rapportée est «%(name)s» : %(n)s sur %(total)s violations (%(share)s).")),
    ):
        known = {k: v for k, v in cells.items() if isinstance(v, int | float)}
        hidden = total - sum(known.values())
        name = max(known, key=lambda k: (known[k], k), default="")
        # Only said where no withheld or unplaced count could be greater.
        if name and known[name] > hidden:
            told = {"name": name, "n": number(known[name], board.language), "total": number(total, board.language)}
            found.append(text % {**told, "share": percent(known[name] / total, board.language)})
    return found


def _heat(board: Board, labels: dict[str, str]) -> Figure:
    """Categories by region; what names no region, and what is withheld, closes the total in the last row."""
    _, regions = board.scope._, board.release.regions
    title = _("Catégories par région")
    cells: dict[tuple[str, str], Value] = {}
    rows: list[list[Any]] = []
    for region in regions:
        line = [board.part(TABLE, "violations", board.span, region["place_id"], category=c) for c in labels]
        cells |= {(region["place_id"], c): v for c, v in zip(labels, line, strict=True)}
        whole = value(board.row(TABLE, board.span, region["place_id"]), "violations")
        rows.append([region["name"], *line, whole])
    country = [board.part(TABLE, "violations", board.span, board.country, category=c) for c in labels]
    whole = value(board.row(TABLE, board.span, board.country), "violations")
    rest = left_over(board, TABLE, "violations", [r[-1] for r in rows])
    rows.append([_("Région non précisée ou protégée"), *([""] * len(labels)), rest])
    rows.append([_("Ensemble"), *country, whole])
    lines = [(p["place_id"], p["name"]) for p in regions]
    unit = measure(TABLE, "violations")
    svg, wide = (
        heat(lines, [*labels.items()], cells, BREAKS, title, _("violations"), board.language, w) for w in (NARROW, WIDE)
    )
    columns = (PLACE, *code_columns(labels), unit)
    return Figure("heat", title, columns, rows, board.source(), svg, wide, exports=True)


def _pyramid(board: Board) -> Figure | None:
    _ = board.scope._
    table = "monitoring_victims"
    if not board.release.table(table):
        return None
    labels = board.codes("sex_age")
    cells = {c: board.part(table, "victims", board.span, board.country, sex_age=c) for c in labels}
    title = _("Victimes par sexe et âge")
    drawn = [{"sex_age": c, "value": v} for c, v in cells.items() if v is not None or c == UNSPECIFIED]
    svg, wide = (charts.pyramid(drawn, title, board.language, w) for w in (NARROW, WIDE))
    rows: list[list[Any]] = [[label, cells[c]] for c, label in labels.items()]
    rows.append([_("Ensemble"), value(board.row(table, board.span, board.country), "victims")])
    note = _("Une personne qui a subi deux violations compte dans chacune.")
    columns = (SEX_AGE, measure(table, "victims"))
    return Figure("pyramid", title, columns, rows, board.source(table=table), svg, wide, note, exports=True)


def _module(scope: Scope, name: str) -> Figure | None:
    """A module of an area of responsibility: its categories over its last span; ``None`` where the release has none."""
    board = Board(scope, name)
    if not board.periods:
        return None
    dataset = FIGURES[name]
    labels = board.codes(dataset["category"].codelist)
    return listed(board, name.replace("_", "-"), dataset.label(scope.language), name, "category", labels)
