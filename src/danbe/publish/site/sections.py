"""The sections of the public site, in the order of the navigation: the one list to which a tool adds its page.

A section appears when the release holds what it shows; until then no link leads to it. ``context`` gives what its template needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from danbe.publish.release import Release
from danbe.publish.site import cluster, contexts, monitoring, movements, service_map
from danbe.publish.site.figures import Scope
from danbe.publish.site.funding import funding
from danbe.publish.site.mechanisms import mechanisms


def _(message: str) -> str:
    """Marks a French source string; it is translated when shown."""
    return message


GROUPS = {
    "cluster": _("Le cluster"),
    "situation": _("La situation"),
    "response": _("La réponse"),
    "data": _("Données et méthode"),
}


@dataclass(frozen=True)
class Section:
    """``names``: the page's address in each language; ``group``: one of ``GROUPS``, '' for what stands by itself;
    ``shown``: whether the release holds what it shows; ``template``: the key itself when left out. ``always_current``: the page states the
    edition in force, and so is written anew with each."""

    key: str
    fr: str
    en: str
    title: str
    group: str = ""
    context: Callable[[Scope], Mapping[str, Any]] = lambda scope: {}
    shown: Callable[[Release], bool] = lambda release: True
    template: str = ""
    always_current: bool = False

    def name(self, language: str) -> str:
        return self.fr if language == "fr" else self.en


def _text(key: str, fr: str, en: str, title: str, group: str = "cluster") -> Section:
    """A section that is an editorial text of the release."""
    return Section(
        key, fr, en, title, group, lambda scope: {"text": contexts.text(scope.release, key, scope.language)},
        lambda release: (release.folder / "texts" / f"{key}.fr.md").is_file(), "text",
    )  # fmt: skip


SECTIONS: tuple[Section, ...] = (
    Section("home", "index", "index", _("Accueil"), context=contexts.home, always_current=True),
    Section(
        "key_figures", "chiffres-cles", "key-figures", _("Chiffres clés"), context=contexts.key_figures_page,
        always_current=True,
    ),
    Section(
        "funding", "financement", "funding", _("Financement"), "cluster", funding,
        lambda release: bool(release.register("funding")),
    ),
    _text("concept", "concept", "concept", _("Concept de protection")),
    _text("objectives", "objectifs", "objectives", _("Objectifs")),
    _text("structure", "structure", "structure", _("Structure")),
    Section(
        "composition", "composition", "composition", _("Composition"), "cluster", cluster.composition,
        lambda release: bool(release.register("members")), "cluster",
    ),
    Section(
        "contacts", "contacts", "contacts", _("Contacts"), "cluster", cluster.contacts,
        lambda release: bool(release.register("contacts")), "cluster",
    ),
    Section(
        "legal", "suivi-juridique", "legal-tracker", _("Suivi juridique"), "cluster", cluster.legal,
        lambda release: bool(release.register("legal_tracker")), "cluster",
    ),
    Section(
        "monitoring", "suivi-de-protection", "protection-monitoring", _("Suivi de protection"), "situation",
        monitoring.page, monitoring.has_monitoring,
    ),
    Section(
        "movements", "mouvements", "movements", _("Mouvements de population"), "situation", movements.page,
        movements.has_movements,
    ),
    Section("response", "5w", "5w", _("Réponse (5W)"), "response", contexts.response),
    Section("regions", "regions/index", "regions/index", _("Régions"), "response", contexts.home),
    Section(
        "services", "services/index", "services/index", _("Trouver un service"), "response",
        shown=lambda release: bool(release.register("services")),
    ),
    Section("map", "carte", "map", _("Carte des services"), "response", service_map.page, service_map.has_map),
    Section(
        "mechanisms", "mecanismes", "mechanisms", _("Mécanismes communautaires"), "response", mechanisms,
        lambda release: bool(release.register("mechanisms")),
    ),
    Section("data", "donnees", "data", _("Données ouvertes"), "data", always_current=True),
    Section("method", "methode", "method", _("Méthode"), "data", contexts.method),
    Section(
        "notices", "mentions", "notices", _("Mentions"), "data",
        lambda scope: {"text": contexts.text(scope.release, "notices", scope.language)},
    ),
    Section("search", "recherche", "search", _("Recherche")),
)  # fmt: skip


def shown(release: Release) -> list[Section]:
    """The sections this release has something for."""
    return [s for s in SECTIONS if s.shown(release)]
