"""The site's texts and key figures: written on a screen, each version kept, out with the next release and no sooner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from danbe.publish.release import Release as ReadRelease
from danbe.register.audit import NotAllowed
from danbe.web import inside
from danbe.web.actions.editorial import NotPublishable, choose_key_figures, save_text
from danbe.web.models_editorial import KeyFigureChoice, TextVersion
from tests.web.releases_world import drafted, figures_are_there, snapshot

pytestmark = pytest.mark.django_db
FIGURE = "{figure:need_target_reached.reached}"


@pytest.fixture(autouse=True)
def made_up(monkeypatch: Any) -> None:
    figures_are_there(monkeypatch)


def test_a_text_saved_goes_out_with_the_next_release_and_every_version_is_kept(world, data_folder: Path):
    person = world["administrator"]
    first = drafted(person, snapshot(data_folder, person))
    before = inside.folder(first.release_id) / "texts" / "home.fr.md"
    save_text(person, "home", "fr", "Une première version.")
    save_text(person, "home", "fr", f"Le cluster a atteint {FIGURE} personnes.")
    assert [v.body for v in TextVersion.objects.filter(name="home", language="fr")][-1] == "Une première version.\n"
    assert "première" not in before.read_text(), "what was released stays as it was"
    second = drafted(person, snapshot(data_folder, person, 2))
    text = (inside.folder(second.release_id) / "texts" / "home.fr.md").read_text()
    assert text.startswith("Le cluster a atteint ") and "{" not in text


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("Nous avons aidé 4 250 personnes.", "text.number"),
        ("Merci à Mme Aminata Coulibaly.", "text.name"),
        ("Le chiffre {figure:inconnue.reached}.", "text.unknown_table"),
    ],
)
def test_a_text_that_could_not_leave_is_not_saved(world, body, rule):
    with pytest.raises(NotPublishable) as refusal:
        save_text(world["administrator"], "home", "fr", body)
    assert rule in [r.rule for r in refusal.value.reasons]
    assert not TextVersion.objects.exists()


def test_the_key_figures_chosen_are_those_of_the_next_release_in_order(world, data_folder: Path):
    person = world["administrator"]
    drafted(person, snapshot(data_folder, person))
    choose_key_figures(person, ["coverage", "people_reached"])
    with pytest.raises(KeyError):
        choose_key_figures(person, ["no_such_indicator"])
    release = drafted(person, snapshot(data_folder, person, 2))
    read = ReadRelease(inside.folder(release.release_id))
    assert read.key_figures == ["coverage", "people_reached"]
    assert "choices.json" in read.manifest["files"]
    from danbe.publish.site import contexts
    from danbe.publish.site.figures import Scope

    labels = [k["label"] for k in contexts.key_figures(Scope(read, read.country, "fr"))]
    assert labels == ["Couverture de la cible", "Personnes atteintes"]


def test_the_screens_write_and_a_refused_text_is_not_lost(world, admin: Client, data_folder: Path):
    drafted(world["administrator"], snapshot(data_folder, world["administrator"]))
    page = admin.get("/publications/textes/")
    assert page.status_code == 200 and "concept (fr)" in page.content.decode()
    refused = admin.post("/publications/textes/bulletin/fr/", {"body": "Il y a 12 000 déplacés."})
    assert refused.status_code == 422 and "Il y a 12 000 déplacés." in refused.content.decode()
    assert admin.post("/publications/textes/bulletin/fr/", {"body": "Un mois calme."}).status_code == 302
    assert "Un mois calme." in admin.get("/publications/textes/bulletin/fr/").content.decode()
    assert admin.get("/publications/textes/inconnu/fr/").status_code == 404
    admin.post("/publications/textes/chiffres/", {"order-coverage": "2", "order-people_reached": "1"})
    assert KeyFigureChoice.objects.get().indicators == ["people_reached", "coverage"]


def test_a_partner_writes_nothing(world, alpha: Client):
    assert alpha.get("/publications/textes/").status_code == 403
    from danbe.register.models import Role, User

    partner = User.objects.filter(role=Role.PARTNER).first()
    with pytest.raises(NotAllowed):
        save_text(partner, "home", "fr", "Bonjour.")
