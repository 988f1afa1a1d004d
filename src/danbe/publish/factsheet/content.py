"""What the factsheet says: words, figures and drawings of one release in one language. No number is typed here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from danbe.publish.release import Release, Row, aor_name, is_withheld
from danbe.reference.catalogue.figures import TOTAL
from danbe.reference.words import month_name, number, percent, translator
from danbe.ui import PROTECTED, Protected, charts, maps
from danbe.ui.tokens import AOR, COLOURS

Value = float | int | Protected | None


def _(message: str) -> str:
    """Marks a French source string; it is translated when the sheet is made."""
    return message


METHOD = (
    _("Source : rapports mensuels 5W des partenaires du cluster, vérifiés puis figés dans un instantané."),
    _(
        "Personnes atteintes : dans chaque commune et groupe de population, le plus grand des indicateurs qui"
        " se recouvrent (la somme de ceux déclarés disjoints), puis le plus grand des domaines, jamais plus "
        "que les personnes dans le besoin. La sensibilisation de masse est comptée à part."
    ),
    _(
        "Protection : les petits effectifs sont remplacés par «protégé» ; «n.d.» signifie non disponible, "
        "jamais zéro. «Pas de rapport» n’est pas zéro non plus."
    ),
)


class Content:
    """The parts of the sheet, each from the rows of the release it is given."""

    def __init__(self, release: Release, language: str) -> None:
        self.release, self.language = release, language
        self.gettext: Callable[[str], str] = translator(language)
        self.country = release.country["place_id"]
        self.period = month_name(release.span, language)

    # Words and cells

    def words(self, text: str, **values: Any) -> str:
        """A sentence in the language; no-break spaces are those the typeface has (it lacks U+202F)."""
        found = self.gettext(text)
        return (found % values if values else found).replace("\u202f", "\u00a0")

    def show(self, value: Value, ratio: bool = False) -> str:
        if isinstance(value, Protected):
            return self.gettext(_("protégé"))
        if ratio and value is not None and 0 < value < 0.005:
            # Rounded, it would read as nobody.
            return "< " + percent(0.01, self.language).replace("\u202f", "\u00a0")
        text = percent(value, self.language) if ratio else number(value, self.language)
        return text.replace("\u202f", "\u00a0")

    @staticmethod
    def cell(row: Row | None, measure: str) -> Value:
        if is_withheld(row, measure):
            return PROTECTED
        return row.get(measure) if row else None

    def reach(self, place: str, aor: str = TOTAL) -> Row | None:
        return self.release.row(
            "need_target_reached", period=self.release.span, place=place, aor=aor, population_status=TOTAL
        )

    def presence(self, place: str) -> Row | None:
        return self.release.row("presence", period=self.release.span, place=place, aor=TOTAL)

    # Parts

    def key_figures(self) -> list[dict[str, str]]:
        row = self.reach(self.country)
        covered = sum(bool((self.presence(c["place_id"]) or {}).get("organisations")) for c in self.release.cercles())
        return [
            {
                "label": self.words(_("Personnes atteintes")),
                "value": self.show(self.cell(row, "reached")),
                "note": self.words(
                    _("entre %(lower)s et %(upper)s"),
                    lower=self.show(self.cell(row, "reached_lower")),
                    upper=self.show(self.cell(row, "reached_upper")),
                ),
            },
            {
                "label": self.words(_("Personnes ciblées")),
                "value": self.show(self.cell(row, "target")),
                "note": self.words(
                    _("%(share)s de la cible atteinte"), share=self.show(self.cell(row, "coverage"), ratio=True)
                ),
            },
            {
                "label": self.words(_("Personnes dans le besoin")),
                "value": self.show(self.cell(row, "people_in_need")),
                "note": self.words(_("en besoin de protection")),
            },
            {
                "label": self.words(_("Organisations présentes")),
                "value": self.show(self.cell(self.presence(self.country), "organisations")),
                "note": self.words(
                    _("dans %(n)s cercles sur %(all)s"),
                    n=self.show(covered),
                    all=self.show(len(self.release.cercles())),
                ),
            },
            {
                "label": self.words(_("Rapports reçus")),
                "value": self.show(self.completeness()[2], ratio=True),
                "note": self.words(
                    _("%(received)s sur %(expected)s attendus"),
                    received=self.show(self.completeness()[1]),
                    expected=self.show(self.completeness()[0]),
                ),
            },
        ]

    def completeness(self) -> tuple[int | None, int | None, float | None]:
        """Reports expected, received, and their ratio, over the months of the period."""
        rows = [r for r in self.release.table("completeness") if r["period"] in self.release.months]
        if not rows or any(r["expected"] is None or r["received"] is None for r in rows):
            return None, None, None
        expected, received = sum(r["expected"] for r in rows), sum(r["received"] for r in rows)
        return expected, received, received / expected if expected else None

    def reach_sentence(self) -> str:
        row = self.reach(self.country)
        return self.words(
            _(
                "%(services)s services ont été rendus sur la période %(period)s. Une même personne peut en recevoir "
                "plusieurs : compter chaque personne une seule fois donne %(reached)s personnes atteintes, entre "
                "%(lower)s (dans chaque cercle, le plus grand indicateur seul) et %(upper)s (aucune personne servie "
                "deux fois)."
            ),
            services=self.show(self.cell(row, "services_delivered")),
            period=self.period,
            reached=self.show(self.cell(row, "reached")),
            lower=self.show(self.cell(row, "reached_lower")),
            upper=self.show(self.cell(row, "reached_upper")),
        )

    def findings(self) -> list[str]:
        """Sentences from the figures: where nobody is, where the target is farthest, where reports are lacking."""
        found = []
        counts = {c["name"]: self.cell(self.presence(c["place_id"]), "organisations") for c in self.release.cercles()}
        empty = sorted(name for name, value in counts.items() if value in (None, 0))
        if empty:
            text = _("Aucune organisation présente dans %(n)s cercles sur %(all)s : %(names)s.")
            found.append(self.words(text, n=len(empty), all=len(counts), names=self._some(empty)))
        elif counts:
            found.append(
                self.words(
                    _("Au moins une organisation est présente dans chacun des %(all)s cercles."), all=len(counts)
                )
            )
        rows = [(r["name"], row) for r in self.release.regions if (row := self.reach(r["place_id"]))]
        shares = sorted((s, n) for n, row in rows if isinstance(s := self.cell(row, "coverage"), float))
        if len(shares) > 3:
            low = ", ".join(f"{name} ({self.show(share, ratio=True)})" for share, name in shares[:3])
            found.append(self.words(_("Part de la cible atteinte la plus faible : %(regions)s."), regions=low))
        gaps = sorted(
            ((g, n) for n, row in rows if isinstance(g := self.cell(row, "gap"), int) and g > 0), reverse=True
        )
        if len(gaps) > 3:
            high = ", ".join(f"{name} ({self.show(gap)})" for gap, name in gaps[:3])
            found.append(
                self.words(_("Personnes ciblées restant à atteindre, les plus nombreuses : %(regions)s."), regions=high)
            )
        return found

    def _some(self, names: list[str], most: int = 12) -> str:
        """The names, at most ``most``, then how many more."""
        if len(names) <= most:
            return ", ".join(names)
        return self.words(_("%(names)s et %(n)s autres"), names=", ".join(names[:most]), n=len(names) - most)

    def bullets(self, width: float) -> str:
        measures = ("people_in_need", "target", "reached", "reached_lower", "reached_upper")
        rows = [
            {"label": aor_name(a, self.language), **{m: self.cell(row, m) for m in measures}}
            for a in self.release.aors
            if (row := self.reach(self.country, a))
        ]
        return charts.bullets(rows, self.words(_("Besoin, cible et portée")), self.language, width)

    def map(self, width: float) -> str:
        import shapely
        from shapely.geometry import shape

        places = [p for p in self.release.cercles() if p["place_id"] in self.release.outlines]
        wkb = {p["place_id"]: shapely.to_wkb(shape(self.release.outlines[p["place_id"]])) for p in places}
        regions = [p for p in self.release.regions if p["place_id"] in self.release.outlines]
        cells = {p["place_id"]: self.cell(self.presence(p["place_id"]), "organisations") for p in places}
        # Presence is counted from the reports: a cercle that no report names has no organisation.
        values = {k: 0.0 if v is None else float(v) for k, v in cells.items() if not isinstance(v, Protected)}
        return maps.choropleth(
            wkb,
            values,
            {p["place_id"]: p["name"] for p in places},
            maps.class_breaks(values.values()),
            self.language,
            width,
            {k for k, v in cells.items() if isinstance(v, Protected)},
            self.words(_("Organisations présentes par cercle")),
            str(self.release.manifest["outline_kind"]),
            self.words(_("organisations présentes")),
            {p["place_id"]: shapely.to_wkb(shape(self.release.outlines[p["place_id"]])) for p in regions},
            {p["place_id"]: p["name"] for p in regions},
            self.words(_("aucune")),
        )

    def months(self, width: float) -> str:
        rows = [
            {"period": r["period"], "series": r["aor"], "value": self.cell(r, "services_delivered")}
            for r in self.release.rows("monthly", place=self.country)
            if r["aor"] in AOR and r["period"] in self.release.months
        ]
        labels = {a: aor_name(a, self.language) for a in self.release.aors}
        return charts.monthly_columns(
            rows, labels, self.words(_("Services rendus par mois")), self.words(_("Services rendus")), self.language,
            width, 205,
        )  # fmt: skip

    def sex_age(self, width: float) -> str:
        rows = [
            {"sex_age": r["sex_age"], "value": self.cell(r, "reached")}
            for r in self.release.rows("reach_sex_age", period=self.release.span, place=self.country, aor=TOTAL)
        ]
        return charts.pyramid(rows, self.words(_("Personnes atteintes par sexe et âge")), self.language, width)

    def reporting(self, width: float) -> str:
        rows = [r for r in self.release.table("completeness") if r["period"] in self.release.months]
        cells = [
            {"period": r["period"], "series": series, "value": value}
            for r in rows
            for series, value in (("received", r["received"]), ("missing", _less(r["expected"], r["received"])))
        ]
        labels = {"received": self.words(_("reçus")), "missing": self.words(_("pas de rapport"))}
        return charts.monthly_columns(
            cells, labels, self.words(_("Rapports reçus et attendus par mois")), self.words(_("Rapports attendus")),
            self.language, width, 150, {"received": COLOURS["teal"], "missing": COLOURS["sand-mid"]},
        )  # fmt: skip

    def table(self) -> dict[str, Any]:
        """Presence and reach by region, the country last."""
        columns = (
            _("Région"), _("Organisations"), _("Activités"),
            _("Dans le besoin"), _("Cible"), _("Atteintes"), _("Part de la cible"),
        )  # fmt: skip
        rows = []
        for place in [*self.release.regions, self.release.country]:
            here, done = self.presence(place["place_id"]), self.reach(place["place_id"])
            rows.append(
                [
                    place["name"],
                    *(self.show(self.cell(here, m)) for m in ("organisations", "activities")),
                    *(self.show(self.cell(done, m)) for m in ("people_in_need", "target", "reached")),
                    self.show(self.cell(done, "coverage"), ratio=True),
                ]
            )
        return {"columns": [self.words(c) for c in columns], "rows": rows}

    def all(self) -> dict[str, Any]:
        """Everything the Typst template sets, as JSON values; drawings are named in ``images`` and given apart."""
        manifest, w = self.release.manifest, self.words
        cluster = f"{manifest['cluster'][self.language]} {self.release.country['name']}"
        table_title = w(_("Présence et portée par région"))
        return {
            "language": self.language,
            "title": w(_("%(cluster)s : réponse 5W, %(period)s"), cluster=cluster, period=self.period),
            "cluster": cluster,
            "kind": w(_("Fiche de la réponse (5W)")),
            "period": self.period[:1].upper() + self.period[1:],
            "synthetic": w(_("Données de démonstration, entièrement fictives : ne décrivent aucune situation réelle."))
            if manifest.get("synthetic")
            else "",
            "kpis": self.key_figures(),
            "headings": {
                "map": w(_("Où sont les partenaires")),
                "bullets": w(_("Besoin, cible et personnes atteintes")),
                "findings": w(_("Ce que montrent les chiffres")),
                "reach": w(_("Comment lire les personnes atteintes")),
                "months": w(_("Services rendus, mois par mois")),
                "sex_age": w(_("Personnes atteintes par sexe et âge")),
                "reporting": w(_("Complétude du rapportage")),
                "table": table_title,
                "method": w(_("Méthode")),
            },
            "findings": self.findings(),
            "reach": self.reach_sentence(),
            "table": self.table(),
            "method": [w(line) for line in METHOD],
            "source": w(
                _("Instantané %(snapshot)s · publication %(release)s du %(day)s · approuvée par : %(approver)s"),
                snapshot=manifest["snapshot_id"], release=manifest["release_id"], day=self.day(),
                approver=self.release.approved_by(self.language) or w(_("pas encore approuvé")),
            ),
            "contact": w(_("Contact : gestion de l’information du cluster, im.protection@exemple.org")),
            "credit": w(_("Fait avec Danbe, logiciel libre.")),
            "page": w(_("page")),
            "alternatives": {
                "map": w(_("Carte des organisations présentes par cercle.")),
                "bullets": w(_("Barres par domaine : personnes dans le besoin, cible, personnes atteintes.")),
                "months": w(_("Colonnes empilées : services rendus par mois et par domaine.")),
                "sex_age": w(_("Pyramide des personnes atteintes par sexe et âge.")),
                "reporting": w(_("Colonnes : rapports reçus et manquants par mois.")),
            },
        }  # fmt: skip

    def day(self) -> str:
        """The day of the release in words."""
        date = str(self.release.manifest["made_at"])[:10]
        return f"{int(date[8:])} {month_name(date[:7], self.language)}"


def _less(whole: int | None, part: int | None) -> int | None:
    return None if whole is None or part is None else max(0, whole - part)
