"""A cluster with a form: who publishes it, who fills it, how a phone posts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

SURVEY = [
    ["type", "name", "label::Français (fr)", "label::English (en)", "required"],
    ["select_one region", "admin1", "Région", "Region", "yes"],
    ["text", "remark", "Remarque", "Remark", ""],
    ["integer", "households", "Ménages", "Households", ""],
    ["decimal", "distance", "Distance (km)", "Distance (km)", ""],
    ["select_multiple need", "needs", "Besoins", "Needs", ""],
    ["image", "photo", "Photo", "Photo", ""],
    ["begin_group", "place", "Lieu", "Place", ""],
    ["text", "site", "Site", "Site", ""],
    ["end_group", "", "", "", ""],
    ["begin_repeat", "person", "Personne", "Person", ""],
    ["integer", "age", "Âge", "Age", ""],
    ["begin_repeat", "document", "Document", "Document", ""],
    ["text", "kind", "Genre", "Kind", ""],
    ["end_repeat", "", "", "", ""],
    ["end_repeat", "", "", "", ""],
]
CHOICES = [
    ["list_name", "name", "label::Français (fr)", "label::English (en)"],
    ["region", "tst05", "Mopti", "Mopti"],
    ["region", "tst09", "Ménaka", "Menaka"],
    ["need", "eau", "Eau", "Water"],
    ["need", "abri", "Abri", "Shelter"],
]


def xlsform(
    version: str = "1", form_id: str = "alerte", survey: Any = None, choices: Any = None, **settings: str
) -> bytes:
    """An XLSForm as a workbook."""
    import xlsxwriter

    content = BytesIO()
    book = xlsxwriter.Workbook(content)
    named = {"form_title": "Alerte", "form_id": form_id, "version": version, **settings}
    sheets = {
        "survey": survey or SURVEY,
        "choices": choices or CHOICES,
        "settings": [list(named), list(named.values())],
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return content.getvalue()


def filled(
    instance: str = "",
    version: str = "1",
    form_id: str = "alerte",
    deprecated: str = "",
    body: str = "",
    meta: str = "",
) -> bytes:
    """What a phone sends: two persons, the first with two documents."""
    instance = instance or f"uuid:{uuid4()}"
    edit = f"<deprecatedID>{deprecated}</deprecatedID>" if deprecated else ""
    body = body or (
        "<admin1>tst05</admin1><remark>Deux familles, «près» du puits</remark><households>2</households>"
        "<distance>1.5</distance><needs>eau abri</needs><place><site>École</site></place>"
        "<person><age>34</age><document><kind>carte</kind></document><document><kind>acte</kind></document></person>"
        "<person><age>7</age></person>"
    )
    meta = meta or f"<meta><instanceID>{instance}</instanceID>{edit}</meta>"
    return f"<?xml version='1.0'?><data id='{form_id}' version='{version}'>{body}{meta}</data>".encode()


# Conversions done once for all tests: each costs a process.
CONVERTED: dict[str, Any] = {}


@pytest.fixture
def people(db: None) -> dict[str, Any]:
    """The coordination, two organisations with a monitor each, a supervisor, a regional coordinator, two regions."""
    from danbe.register.models import Organisation, Place, Role, User

    made: dict[str, Any] = {}
    for code in ("alpha", "beta"):
        made[code] = Organisation.objects.create(code=code, name=code.title(), acronym=code.upper(), search_key=code)
    country = Place.objects.create(place_id="tst", version="2021", level=0, name="Pays", code="TST", search_key="pays")
    for code, name in (("tst05", "Mopti"), ("tst09", "Ménaka")):
        made[code] = Place.objects.create(
            place_id=code,
            version="2021",
            level=1,
            name=name,
            code=code.upper(),
            search_key=name.lower(),
            parent=country,
        )

    def person(name: str, role: str, **where: Any) -> None:
        made[name] = User.objects.create_user(f"{name}@exemple.org", password="phrase-de-passe-1", role=role, **where)

    person("administrator", Role.ADMINISTRATOR)
    person("coordinator", Role.COORDINATOR)
    person("regional", Role.REGIONAL, region=made["tst05"])
    person("supervisor", Role.SUPERVISOR, organisation=made["alpha"])
    person("monitor", Role.MONITOR, organisation=made["alpha"])
    person("other", Role.MONITOR, organisation=made["beta"])
    person("partner", Role.PARTNER, organisation=made["beta"])
    return made


@pytest.fixture
def publish(people: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Publishes an XLSForm. ODK Validate costs two seconds, so it is left to the tests that are about it."""
    from danbe.collect.actions import receive
    from danbe.collect.actions.forms import publish_form
    from danbe.collect.forms import convert
    from danbe.collect.storage import upload_path

    monkeypatch.setattr(convert, "java_present", lambda: False)

    def done(content: bytes | None = None, filename: str = "alerte.xlsx", media: Any = (), **form: Any) -> Any:
        key = filename + repr(content) + repr(sorted(form.items()))
        upload = receive(people["coordinator"], content or xlsform(**form), filename)
        if key not in CONVERTED:
            CONVERTED[key] = convert.convert(upload_path(upload.sha256), filename)
        return publish_form(people["coordinator"], upload, media, CONVERTED[key])

    return done


@pytest.fixture
def form(publish: Callable[..., Any]) -> Any:
    """The published form «alerte», version 1."""
    return publish()


class Phone:
    """A phone with an access of its own, signing in by the token in the address."""

    def __init__(self, person: Any, giver: Any) -> None:
        from danbe.collect.actions.accesses import give

        given = give(giver, person, "téléphone d’essai")
        self.access, self.secret = given.access, given.secret
        self.key = f"/key/{given.secret}"
        self.client = Client()

    def get(self, path: str, **extra: Any) -> Any:
        return self.client.get(f"{self.key}/{path}", **extra)

    def post(self, xml: bytes, files: dict[str, bytes] | None = None, incomplete: bool = False) -> Any:
        parts: dict[str, Any] = {"xml_submission_file": SimpleUploadedFile("submission.xml", xml, "text/xml")}
        parts |= {name: SimpleUploadedFile(name, content, "image/jpeg") for name, content in (files or {}).items()}
        if incomplete:
            parts["*isIncomplete*"] = "yes"
        return self.client.post(f"{self.key}/submission?deviceID=collect:abc", parts)


@pytest.fixture
def phone(people: dict[str, Any]) -> Iterator[Phone]:
    """The monitor's phone."""
    yield Phone(people["monitor"], people["coordinator"])
