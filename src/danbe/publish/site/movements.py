"""The public page «Mouvements de population»: flows (who left, who arrived, who returned) and stocks, never mixed."""

from __future__ import annotations

from typing import Any

from danbe.publish.release import Release
from danbe.publish.site.figures import PLACE, Figure, Scope, measure, shown, value
from danbe.publish.site.monitoring_scope import NARROW, WIDE, Board, by_cercle, listed, stacked
from danbe.reference.typology import UNSPECIFIED
from danbe.reference.words import number
from danbe.ui import charts
from danbe.ui.tokens import COLOURS

TABLE, NET, STOCK = "movement_flows", "movement_net", "displacement_stock"
RETURN = "RET"


def has_movements(release: Release) -> bool:
    return bool(release.table(TABLE))


def page(scope: Scope) -> dict[str, Any]:
    """What the template ``movements.html`` shows."""
    _, board = scope._, Board(scope, TABLE)
    labels = {c: label for c, label in board.codes("movement_cause").items() if c != RETURN}
    figures: dict[str, Figure | None] = {
        "months": stacked(
            board, "months", _("Personnes déplacées par mois et cause, au départ"), TABLE, "displaced", labels,
            _("Mouvements confirmés, hors retours. La hauteur d’une colonne est celle du total."),
        ),
        "causes": listed(board, "causes", _("Mouvements par cause"), TABLE, "category", labels),
        "map": by_cercle(
            board, "map", _("Personnes déplacées par cercle de départ"), TABLE, "displaced",
            _("Classes fixes, les mêmes à chaque édition. Un cercle sans couleur n’a rien fait connaître : ce n’est pas zéro."),
        ),
        "net": _net(board),
        "stock": _stock(scope),
    }  # fmt: skip
    return {
        "board": board,
        "key_figures": strip(board),
        "figures": {k: f for k, f in figures.items() if f},
    }


def strip(board: Board) -> list[dict[str, Any]]:
    _ = board.scope._
    row = board.row(TABLE, board.span, board.country)
    net = board.row(NET, board.span, board.country)
    rise, why = board.rise(TABLE, "displaced")
    guessed = value(row, "imputed")
    said = number(guessed, board.language) if isinstance(guessed, int | float) else _("protégé")
    return [
        {
            "label": _("Mouvements"),
            "value": value(row, "movements"),
            "note": _("mouvements confirmés, au départ"),
        },
        {
            "label": _("Personnes déplacées"),
            "value": value(row, "displaced"),
            "change": rise,
            "note": f"{why} · {_('dont %(n)s estimées d’après les ménages') % {'n': said}}",
        },
        {"label": _("Ménages déplacés"), "value": value(row, "households"), "note": _("ménages, au départ")},
        {"label": _("Retours"), "value": value(net, "returns"), "note": _("personnes rentrées chez elles")},
    ]


def _net(board: Board) -> Figure | None:
    """Arrivals, returns and their difference by region: flows of the period."""
    _ = board.scope._
    if not board.release.table(NET):
        return None
    names = ("arrivals", "returns", "net")
    rows: list[list[Any]] = []
    for place in board.release.regions:
        row = board.row(NET, board.span, place["place_id"])
        if row:
            rows.append([place["name"], *(value(row, n) for n in names)])
    title = _("Arrivées et retours par région")
    bars = [{"label": r[0], "value": r[1]} for r in rows]
    svg = wide = ""
    if any(shown(r[1]) is not None for r in rows):
        unit = measure(NET, "arrivals").label(board.language)
        svg, wide = (charts.bars(bars, title, unit, board.language, w, COLOURS["sand-dark"]) for w in (NARROW, WIDE))
    whole = [value(board.row(NET, board.span, board.country), n) for n in names]
    known = [shown(w) for w in whole]
    rest = [
        w if k is None else int(k - sum(shown(r[i]) or 0 for r in rows))
        for i, (w, k) in enumerate(zip(whole, known, strict=True), 1)
    ]
    rows.append([_("Région non précisée ou protégée"), *rest])
    rows.append([_("Ensemble"), *whole])
    note = _("Le dessin montre les arrivées ; le solde est arrivées moins retours.")
    columns = (PLACE, *(measure(NET, n) for n in names))
    return Figure("net", title, columns, rows, board.source(table=NET), svg, wide, note, exports=True)


def _stock(scope: Scope) -> Figure | None:
    """Displaced people present at the last round of the period; «non précisé» is a group like the others."""
    board = Board(scope, STOCK)
    if not board.periods:
        return None
    _ = scope._
    labels = board.codes("population_status")
    note = _(
        "Effectif de la dernière ronde de la période : jamais la somme de plusieurs, jamais ajouté aux mouvements."
    )
    found = {c: label for c, label in labels.items() if c == UNSPECIFIED or board.row(STOCK, board.span, board.country, population_status=c)}  # fmt: skip
    return listed(board, "stock", _("Personnes déplacées présentes"), STOCK, "population_status", found, note)
