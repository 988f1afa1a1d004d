"""The cluster itself on the public site: composition, contacts by function, where the law stands. Nobody is named."""

from __future__ import annotations

from collections import Counter
from typing import Any

from danbe.publish.site.figures import AOR, ORGANISATION, Figure, Scope
from danbe.reference.catalogue.cluster import CONTACTS, LEGAL, MEMBERS
from danbe.reference.catalogue.column import Column
from danbe.reference.codelists import codelist

_MEMBERS = Column("members", "Membres", "Members", "integer", "#org+member+num", "count")
_OBSERVERS = Column("observers", "Observateurs", "Observers", "integer", "#org+observer+num", "count")
_LOCAL = Column(
    "local", "Dont locaux ou nationaux", "Local or national among members", "integer", "#org+local+num", "count"
)
_TYPE = Column("type", "Type d’organisation", "Type of organisation", hxl="#org+type+name")
_STATUS = Column("status", "Statut", "Status", hxl="#org+status+name")
_STAGE = Column("stage", "Étape", "Stage", hxl="#legal+stage+name")
_BODY = Column("body", "Instance", "Body", hxl="#org+body+name")


def _source(scope: Scope) -> str:
    return scope._("%(cluster)s, registre du cluster ; instantané %(snapshot)s.") % scope.cited


def _counts(rows: list[dict[str, Any]]) -> list[int]:
    members = [r for r in rows if r["status"] == "MEMBRE"]
    return [len(members), sum(1 for r in rows if r["status"] == "OBS"), sum(1 for r in members if r["local"])]


def composition(scope: Scope) -> dict[str, Any]:
    """Members and observers by type, by area of responsibility, one by one. An organisation may be of several areas."""
    _, rows, source = scope._, scope.release.register("members"), _source(scope)
    kinds, areas, states = codelist("org_type"), codelist("aor"), codelist("member_status")
    types = Counter(r["organisation_type"] or "" for r in rows)
    names = scope.release.organisations
    by_type = [
        [kinds.label(t, scope.language) or _("Non précisé"), *_counts([r for r in rows if (r["organisation_type"] or "") == t])]
        for t, _n in types.most_common()
    ]  # fmt: skip
    by_aor = [
        [a.label(scope.language), *_counts(of)]
        for a in areas.items if (of := [r for r in rows if a.code in (r["aors"] or "").split()])
    ]  # fmt: skip
    each = sorted(
        [
            names[r["organisation_id"]]["name"] if r["organisation_id"] in names else r["organisation_id"],
            kinds.label(r["organisation_type"] or "", scope.language), states.label(r["status"], scope.language),
            ", ".join(areas.label(a, scope.language) for a in (r["aors"] or "").split()),
        ]
        for r in rows
    )  # fmt: skip
    total, observers, local = _counts(rows)
    return {
        "totals": {"members": total, "observers": observers, "local": local},
        "figures": {
            "by_type": Figure("members-by-type", _("Par type d’organisation"), (_TYPE, _MEMBERS, _OBSERVERS, _LOCAL), by_type, source),
            "by_aor": Figure(
                "members-by-area", _("Par domaine de responsabilité"), (AOR, _MEMBERS, _OBSERVERS, _LOCAL), by_aor, source,
                note=_("Une organisation peut travailler dans plusieurs domaines : ces nombres ne s’additionnent pas."),
            ),
            "one_by_one": Figure("members", _("Une par une"), (ORGANISATION, _TYPE, _STATUS, MEMBERS["aors"]), each, source),
        },
    }  # fmt: skip


def _name(row: dict[str, Any], stem: str, language: str) -> str:
    return str(row[f"{stem}_{language}"] or row[f"{stem}_fr"])


def contacts(scope: Scope) -> dict[str, Any]:
    """Functions one may write to, by body."""
    rows, language = scope.release.register("contacts"), scope.language
    structure = scope.release.register("cluster_structure")
    bodies = {b["body_id"]: _name(b, "name", language) for b in structure}
    # The cluster first, then its parts kind by kind; identifiers are numbers kept as text.
    kinds = [k.code for k in codelist("body_kind").items]
    place = {b["body_id"]: (kinds.index(b["kind"]), b["body_id"]) for b in structure}
    rows = sorted(rows, key=lambda r: (place.get(r["body_id"], (len(kinds), r["body_id"])), int(r["contact_id"])))
    each = [
        [bodies.get(r["body_id"], r["body_id"]), _name(r, "function", language), r["email"] or "", r["phone"] or ""]
        for r in rows
    ]
    columns = (
        _BODY,
        CONTACTS["function_fr" if language == "fr" else "function_en"],
        CONTACTS["email"],
        CONTACTS["phone"],
    )
    title = scope._("Contacts par fonction")
    return {"lead": scope._("Des fonctions, jamais des personnes."),
            "figures": {"contacts": Figure("contacts", title, columns, each, _source(scope))}}  # fmt: skip


def legal(scope: Scope) -> dict[str, Any]:
    """Each instrument's way, stage by stage, with its evidence."""
    rows, stages = scope.release.register("legal_tracker"), codelist("legal_status")
    each = [
        [_name(r, "name", scope.language), stages.label(r["stage"], scope.language), r["reached_on"], r["obstacle"] or "",
         r["next_step"] or "", r["evidence"]]
        for r in sorted(rows, key=lambda r: (r["instrument"], r["reached_on"]))
    ]  # fmt: skip
    columns = (LEGAL["name_fr" if scope.language == "fr" else "name_en"], _STAGE, *(LEGAL[c] for c in ("reached_on", "obstacle", "next_step", "evidence")))  # fmt: skip
    title = scope._("Étapes franchies")
    return {"lead": scope._("Où en sont les textes de l’Objectif 4 : chaque étape franchie, avec sa preuve."),
            "figures": {"legal": Figure("legal", title, columns, each, _source(scope))}}  # fmt: skip
