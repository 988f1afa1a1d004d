"""What each page shows: figures, texts and lists, worked out from the release for one language."""

from __future__ import annotations

from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from danbe.publish.release import Release, aor_name, is_withheld
from danbe.publish.site import blocks, presence
from danbe.publish.site.figures import Figure, Scope, Value, value
from danbe.reference.change import change, share
from danbe.reference.words import number, percent
from danbe.ui import PROTECTED, Protected

# The key figures of the strip, in order, each with OCHA's icon for it.
KEY = (
    ("operational_presence", "group"),
    ("places_covered", "location"),
    ("people_in_need", "people-in-need"),
    ("target", "people-targeted"),
    ("people_reached", "people-reached"),
    ("coverage", "gap-analysis"),
    ("reporting_rate", "report"),
)
_FLAT = frozenset({"ratio", "%"})


def text(release: Release, name: str, language: str) -> Markup:
    """An editorial text of the release as HTML; raw HTML in it is shown as text, never run. '' when there is none."""
    path = release.folder / "texts" / f"{name}.{language}.md"
    if not path.exists():
        return Markup()
    return Markup(MarkdownIt("commonmark", {"html": False}).render(path.read_text("utf-8")))  # noqa: S704  our own texts


def chosen(release: Release) -> tuple[tuple[str, str], ...]:
    """The key figures to show, in order, each with its icon: those chosen, else the usual ones."""
    icons = dict(KEY)
    return tuple((name, icons.get(name, "")) for name in release.key_figures) or KEY


def key_figures(scope: Scope) -> list[dict[str, Any]]:
    """The strip of the country: each declared figure with its change against the period before, where there is one."""
    declared = {d["id"]: d for d in scope.release.declarations}
    rows = {r["indicator"]: r for r in scope.release.rows("key_figures", period=scope.release.span)}
    items = []
    for name, symbol in chosen(scope.release):
        if name not in rows or name not in declared:
            continue
        row, ratio = rows[name], declared[name]["unit"] in _FLAT
        items.append(
            {
                "label": declared[name][scope.language],
                "value": _show(value(row, "value"), ratio, scope.language),
                "note": _note(scope, name, row, ratio),
                "symbol": symbol,
            }
        )
    return items


def key_figures_page(scope: Scope) -> dict[str, Any]:
    """Every key figure with its unit, period and formula, the period before it, and what changed since."""
    declared = {d["id"]: d for d in scope.release.declarations}
    rows = {r["indicator"]: r for r in scope.release.rows("key_figures", period=scope.release.span)}
    found = []
    for name in (
        *(k for k, _ in chosen(scope.release) if k in rows),
        *sorted(set(rows) - {k for k, _ in chosen(scope.release)}),
    ):
        if name in declared:
            row, said = rows[name], declared[name]
            ratio = said["unit"] in _FLAT
            found.append(
                {
                    "id": name,
                    "label": said[scope.language],
                    "definition": said.get(f"definition_{scope.language}") or "",
                    "formula": said["formula"],
                    "unit": "" if ratio else said["unit"],
                    "symbol": dict(KEY).get(name, ""),
                    "value": _show(value(row, "value"), ratio, scope.language),
                    "before": _show(value(row, "previous_value"), ratio, scope.language),
                    "change": _change(scope, row, ratio),
                    "source": said["source"],
                }
            )
    return {"figures_told": found}


def _change(scope: Scope, row: dict[str, Any], ratio: bool) -> str:
    """The change against the period before, by the one formula; '' where there is none or it would tell a cell."""
    now, before = value(row, "value"), value(row, "previous_value")
    if not isinstance(now, int | float) or not isinstance(before, int | float):
        return ""
    if ratio:
        return share(now - before, True, scope.language) if now != before else ""
    rate = change(now, before)
    return "" if rate is None else ("+" if rate >= 0 else "−") + percent(abs(rate), scope.language)


def _show(item: Value, ratio: bool, language: str) -> Any:
    return percent(item, language) if ratio and not isinstance(item, Protected) else item


def _note(scope: Scope, name: str, row: dict[str, Any], ratio: bool) -> str:
    """Bounds under the reach, else the value of the period before."""
    _ = scope._
    if name == "people_reached" and (bounds := reach_bounds(scope)):
        return bounds
    if row["previous_value"] is None or is_withheld(row, "previous_value"):
        return ""
    before = _show(row["previous_value"], ratio, scope.language)
    return _("période précédente : %(value)s") % {
        "value": before if isinstance(before, str) else number(before, scope.language)
    }


def reach_bounds(scope: Scope) -> str:
    """«entre 1 200 et 3 400» for the place, '' where a bound is missing or withheld."""
    row = scope.reach(scope.place["place_id"])
    low, high = value(row, "reached_lower"), value(row, "reached_upper")
    if isinstance(low, int | float) and isinstance(high, int | float):
        return scope._("entre %(low)s et %(high)s") % {
            "low": number(low, scope.language),
            "high": number(high, scope.language),
        }
    return ""


def region_figures(scope: Scope) -> list[dict[str, Any]]:
    """The strip of a region."""
    _ = scope._
    place = scope.place["place_id"]
    row, seen = scope.reach(place), scope.presence(place)
    items = [
        (_("Organisations présentes"), value(seen, "organisations"), "", "group"),
        (_("Personnes dans le besoin"), value(row, "people_in_need"), "", "people-in-need"),
        (_("Cible"), value(row, "target"), "", "people-targeted"),
        (_("Personnes atteintes"), value(row, "reached"), reach_bounds(scope), "people-reached"),
        (_("Couverture de la cible"), _show(value(row, "coverage"), True, scope.language), "", "gap-analysis"),
    ]
    return [{"label": a, "value": b, "note": c, "symbol": d} for a, b, c, d in items]


def response(scope: Scope) -> dict[str, Any]:
    """The 5W page, of the country or of a region."""
    country = scope.is_country
    maps = [blocks.place_map(scope, name, blocks.map_breaks(scope, name)) for name in ("organisations", "reached")]
    regions = scope.release.regions if country else [scope.place]
    figures: dict[str, Figure | None] = {
        "by_aor": blocks.by_aor(scope),
        "by_place": blocks.by_place(scope),
        "monthly": blocks.monthly(scope),
        "sex_age": blocks.sex_age(scope),
        "mass_awareness": blocks.mass_awareness(scope),
        "completeness": blocks.completeness(scope) if country else None,
        "by_indicator": blocks.by_indicator(scope) if country else None,
        "presence": presence.matrix_figure(scope),
    }
    return {
        "key_figures": key_figures(scope) if country else region_figures(scope),
        "maps": [m for m in maps if m],
        "figures": figures,
        "matrices": [m for m in (presence.matrix(scope, r) for r in regions) if m],
        "organisations": presence.organisations(scope),
        "reach": reach_sentence(scope),
    }


def reach_sentence(scope: Scope) -> dict[str, Any]:
    """The three numbers published side by side: services, reach without double counting, bounds."""
    row = scope.reach(scope.place["place_id"])
    names = ("services_delivered", "reached", "reached_lower", "reached_upper", "excess")
    return {name: value(row, name) for name in names}


def home(scope: Scope) -> dict[str, Any]:
    rows = []
    for region in scope.release.regions:
        row, seen = scope.reach(region["place_id"]), scope.presence(region["place_id"])
        rows.append(
            {
                "place": region["place_id"],
                "name": region["name"],
                "organisations": value(seen, "organisations"),
                "reached": value(row, "reached"),
                "coverage": _show(value(row, "coverage"), True, scope.language),
            }
        )
    return {
        "key_figures": key_figures(scope),
        "map": blocks.place_map(scope, "organisations", blocks.map_breaks(scope, "organisations")),
        "regions": rows,
        "text": text(scope.release, "home", scope.language),
        "aors": [{"code": a, "name": aor_name(a, scope.language)} for a in scope.release.aors],
    }


def method(scope: Scope) -> dict[str, Any]:
    """The declarations of the figures, a worked example of de-duplication, and what the gate withheld."""
    audit = scope.release.audit
    withheld = {
        name: sum(facts["withheld"].values()) for name, facts in audit["tables"].items() if facts.get("withheld")
    }
    return {
        "text": text(scope.release, "method", scope.language),
        "declarations": scope.release.declarations,
        "thresholds": audit["thresholds"],
        "sensitive": [aor_name(a, scope.language) for a in audit["thresholds"]["sensitive"]],
        "withheld": withheld,
        "protected": PROTECTED,
    }
