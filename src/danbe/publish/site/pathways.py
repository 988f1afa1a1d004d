"""The printable sheets of referral pathways, in both languages, beside the pages of services."""

from __future__ import annotations

from pathlib import Path

from danbe.publish.pathways import sheet
from danbe.publish.release import Release
from danbe.publish.site.figures import Scope
from danbe.publish.site.services import FOLDER, sheets, step_in_words
from danbe.reference.codelists import codelist
from danbe.reference.words import LANGUAGES


def write_sheets(out: Path, release: Release) -> int:
    """Writes one A5 page for each pathway and language; how many."""
    made = 0
    if not release.register("services"):
        return made
    for language in LANGUAGES:
        scope = Scope(release, release.country, language)
        _ = scope._
        for steps, name in sheets(release):
            first = steps[0]
            need = codelist("protection_need").label(first["need"], language)
            zone = release.register_places[first["place"]]["name"]
            told = {
                "title": f"{need} : {zone}", "author": release.manifest["cluster"][language], "need": need, "zone": zone,
                "language": language, "steps": [_step(scope, s) for s in steps],
                "warning": _("Les soins doivent commencer dans les 72 heures. Ils sont gratuits et confidentiels. Rien n’oblige à porter plainte.") if first["need"] == "VIOL" else "",
                "words": {"kind": _("Circuit de référencement"), "rules": _("Demander l’accord de la personne avant chaque étape. Ne pas écrire son nom. Ne rien promettre. Si elle refuse, respecter son choix.")},
                "foot": _("Vérifié le %(day)s.") % {"day": first["verified_on"].strftime("%d/%m/%Y")} + " "
                + (_("Données fictives.") + " " if release.manifest["synthetic"] else "")
                + f"{release.manifest['cluster'][language]} · {release.id}",
            }  # fmt: skip
            (out / language / FOLDER / name).write_bytes(sheet(told, str(release.manifest["made_at"])))
            made += 1
    return made


def _step(scope: Scope, row: dict[str, object]) -> dict[str, object]:
    said = step_in_words(scope, row)
    service = said["service"]
    return {
        "number": said["number"], "what": said["what"], "delay": said["delay"],
        "who": f"{service['name']}, {service['where']}" if service else said["category"],
        "phone": service["phone"] if service else "",
    }  # fmt: skip
