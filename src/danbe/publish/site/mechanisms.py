"""Community mechanisms on the public site: a map by cercle, tables by cercle and commune. Nothing says who is a member."""

from __future__ import annotations

from collections import Counter
from typing import Any

from danbe.publish.site import drawings
from danbe.publish.site.figures import PLACE, REGION, Figure, Scope
from danbe.reference.catalogue.column import Column
from danbe.reference.codelists import codelist
from danbe.reference.services import FUNCTIONAL, codes

_COUNT = Column("mechanisms", "Mécanismes", "Mechanisms", "integer", "#mechanism+num", "count")
_FUNCTIONAL = Column(
    "functional",
    "Fonctionnels (3 sur 5 ou plus)",
    "Functional (3 of 5 or more)",
    "integer",
    "#mechanism+functional+num",
    "count",
)
_KNOWN = Column(
    "scored",
    "Dont la fonctionnalité est connue",
    "Whose functionality is known",
    "integer",
    "#mechanism+scored+num",
    "count",
)
_KIND = Column("type", "Type", "Type", hxl="#mechanism+type+name")
_COMMUNE = Column("commune", "Commune", "Commune", hxl="#adm3+name")
_SCORE = Column("score", "Fonctionnalité (0 à 5)", "Functionality (0 to 5)", "integer", "#mechanism+score")
_TRAINED = Column("training", "Formé à", "Trained in", hxl="#mechanism+training")


def mechanisms(scope: Scope) -> dict[str, Any]:
    """``maps``: mechanisms by cercle; ``figures``: by cercle, by type, one by one."""
    _, release = scope._, scope.release
    rows = release.register("mechanisms")
    found = Counter(r["cercle"] for r in rows)
    working = Counter(r["cercle"] for r in rows if (r["score"] or 0) >= FUNCTIONAL)
    known = Counter(r["cercle"] for r in rows if r["score"] is not None)
    cercles = release.cercles()
    regions = {r["place_id"]: r["name"] for r in release.regions}
    source = _("%(cluster)s, registre des mécanismes communautaires ; instantané %(snapshot)s.") % scope.cited
    cells: dict[str, Any] = {c["place_id"]: found[c["place_id"]] for c in cercles}
    title = _("Mécanismes communautaires par cercle")
    svg, wide = drawings.choropleth(scope, cells, title, _COUNT.label(scope.language))
    by_cercle = [
        [c["name"], regions[c["parent_id"]], found[c["place_id"]], known[c["place_id"]], working[c["place_id"]]]
        for c in cercles if found[c["place_id"]]
    ]  # fmt: skip
    kinds = codelist("cb_mechanism")
    by_kind = [
        [kinds.label(k, scope.language), n, sum(1 for r in rows if r["mechanism_type"] == k and r["score"] is not None),
         sum(1 for r in rows if r["mechanism_type"] == k and (r["score"] or 0) >= FUNCTIONAL)]
        for k, n in Counter(r["mechanism_type"] for r in rows).most_common()
    ]  # fmt: skip
    names = release.register_places
    topics = codelist("mechanism_training")
    one_by_one = sorted(
        [
            names[r["commune"] or r["place"]]["name"], names[r["cercle"]]["name"] if r["cercle"] else "",
            kinds.label(r["mechanism_type"], scope.language),
            ", ".join(topics.label(t, scope.language) for t in codes(r["training"])), r["score"],
        ]
        for r in rows
    )  # fmt: skip
    return {
        "maps": [
            Figure("map-mechanisms", title, (PLACE, REGION, _COUNT, _KNOWN, _FUNCTIONAL), by_cercle, source, svg, wide)
        ],
        "figures": {
            "by_kind": Figure("by-kind", _("Par type"), (_KIND, _COUNT, _KNOWN, _FUNCTIONAL), by_kind, source),
            "one_by_one": Figure(
                "one-by-one", _("Un par un"), (_COMMUNE, PLACE, _KIND, _TRAINED, _SCORE), one_by_one, source
            ),
        },
        "totals": {"all": len(rows), "known": sum(known.values()), "working": sum(working.values())},
    }
