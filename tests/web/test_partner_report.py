"""A partner's own one-page report: its own rows, one page, never another's."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client

from danbe.register.audit import NotAllowed
from danbe.web.queries.home import current_year, own_figures
from danbe.web.queries.partner_report import partner_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported(imported: Any) -> Any:
    """Three rows of ALPHA in the year under way."""
    from danbe.curate.models import Activity

    for number, (aor, month, reached) in enumerate((("CP", 1, 120), ("CP", 2, 80), ("SCPE", 2, 34)), 1):
        Activity.objects.create(
            batch=imported, source_row=number, organisation=of_alpha().organisation, aor=aor,
            report_month=f"{current_year()}-{month:02}", row_key=str(number), content_hash=str(number),
            values={"reached": reached, "cercle": "Mopti"},
        )  # fmt: skip
    return imported


def of_alpha() -> Any:
    from danbe.register.models import User

    return User.objects.filter(organisation__acronym="ALPHA").first()


def test_the_report_says_what_the_partner_reported_on_one_page(reported: Any, alpha: Client):
    import pymupdf

    answer = alpha.get("/tableau-de-bord/rapport/pdf/")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    with pymupdf.open(stream=io.BytesIO(answer.content)) as pdf:
        assert pdf.page_count == 1
        text = pdf[0].get_text()
    own = own_figures(of_alpha().organisation, current_year())
    assert own.services_delivered and str(own.services_delivered) in text
    assert alpha.get("/tableau-de-bord/rapport/docx/").content.startswith(b"PK")


def test_its_parts_close(reported: Any):
    user = of_alpha()
    report = partner_report(user, user.organisation, current_year(), "fr")
    total = own_figures(user.organisation, current_year()).services_delivered
    for section in report.sections[1:]:
        counted = sum(int(row[1].replace("\u00a0", "")) for block in section.blocks for row in block.rows)
        assert counted == total, section.title


def test_another_organisation_has_no_address_and_no_answer(reported: Any, world: dict[str, Any], admin: Client):
    from danbe.register.models import Organisation, User

    other = User.objects.filter(organisation__acronym="BETA").first()
    with pytest.raises(NotAllowed):
        partner_report(other, Organisation.objects.get(acronym="ALPHA"), 2026, "fr")
    assert admin.get("/tableau-de-bord/rapport/pdf/").status_code == 404
