"""Imports of services through the same door as a screen: each row stored, or told with what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from danbe.curate.needs import TableProblem
from danbe.curate.services import facilities, workbook
from danbe.reference.catalogue.services import SERVICES
from danbe.reference.geography import PlaceMatcher
from danbe.register.actions import services as doors
from danbe.register.audit import NotAllowed, action, note
from danbe.register.models import Organisation, Place, Service, User
from danbe.register.queries.geography import gazetteer
from danbe.register.queries.organisations import resolver
from danbe.register.queries.services import known_names
from danbe.register.services import FieldsRefused

WORKBOOK = "Classeur"


@dataclass
class Imported:
    """Rows read; services added, changed, left as they were; ``problems``: rows kept out; ``notices``: rows stored with a
    remark (row, reason)."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[TableProblem] = field(default_factory=list)
    notices: list[tuple[int, str]] = field(default_factory=list)


@action("services.import_workbook")
def import_workbook(user: User, path: Path, filename: str = "") -> Imported:
    """Services of a workbook made from the template. One known by name, organisation and place takes the new values.

    Raises ``WorkbookRefused`` or ``TableRefused`` when nothing of it can be read.
    """
    rows, problems = workbook.read(path, PlaceMatcher(gazetteer()), filename)
    done = Imported(rows=len(rows) + len(problems), problems=list(problems))
    known = resolver()
    organisations = {o.code: o for o in Organisation.objects.filter(merged_into=None)}
    units = {p.place_id: p for p in Place.objects.filter(place_id__in={r.place_id for r in rows})}
    names = known_names()
    for row in rows:
        match = known.resolve(row.organisation) if row.organisation else None
        organisation = organisations.get(match.code) if match and match.code else None
        if organisation is None:
            done.problems.append(workbook.no_organisation(row))
            continue
        _store(user, row.number, {**row.said, "source": WORKBOOK}, units[row.place_id], organisation, done, names)
    done.problems.sort(key=lambda p: p.row)
    note(rows=done.rows, added=done.added, changed=done.changed, kept_out=len(done.problems))
    return done


def _store(
    user: User, number: int, said: dict[str, object], place: Place, organisation: Organisation, done: Imported,
    names: frozenset[str],
) -> None:  # fmt: skip
    verified = said.pop("verified_on", None)
    standing = Service.objects.filter(
        name=str(said.get("name") or "").strip(), organisation=organisation, place=place, closed_on=None
    ).first()
    before = {f: getattr(standing, f) for f in doors.FIELDS} if standing else None
    try:
        kept = doors._keep(user, said, place, organisation, standing, names)
        if verified not in (None, ""):
            doors._verified(user, kept, verified)
    except FieldsRefused as refused:
        for p in refused.problems:
            label = SERVICES[p.field].fr if p.field in SERVICES else p.field
            written = "" if p.field in ("longitude", "latitude", "address") else str(said.get(p.field) or "")
            done.problems.append(TableProblem(number, label, written[:80], p.text("fr"), p.text("en")))
        return
    except NotAllowed:
        done.problems.append(workbook.problem(number, SERVICES["categories"].fr, said.get("categories"), _OTHER_AREA))
        return
    if before is None:
        done.added += 1
    elif before != {f: getattr(kept, f) for f in doors.FIELDS}:
        done.changed += 1
    else:
        done.unchanged += 1


def _(message: str) -> str:
    """Marks a French source string; it is translated when told."""
    return message


_OTHER_AREA = _("Service d’un autre domaine ou d’une autre région que les vôtres : sa coordination l’ajoute.")


@action("services.import_facilities")
def import_facilities(user: User, path: Path) -> Imported:
    """Health facilities of a list in healthsites.io's form; one already there is left as people have made it since.

    Raises ``FacilitiesRefused`` when it is no such list.
    """
    found = facilities.read_facilities(path, gazetteer())
    done = Imported(rows=found.rows, notices=list(found.reported))
    there = set(Service.objects.filter(source=facilities.SOURCE).values_list("source_ref", flat=True))
    units = {p.place_id: p for p in Place.objects.filter(place_id__in={f.place_id for f in found.facilities})}
    names = known_names()
    for item in found.facilities:
        if item.ref in there:
            done.unchanged += 1
            continue
        said = {**item.said, "remarks": list(item.notices)}
        place = units.get(item.place_id)
        try:
            doors._keep(user, said, place, None, None, names)
        except FieldsRefused:
            # Named after a person («cabinet du docteur …»): what it is stays, the name does not.
            said |= {
                "name": "Structure de santé (nom gardé)",
                "public": False, "hours": "", "remarks": [*item.notices, "person"],
            }  # fmt: skip
            doors._keep(user, said, place, None, None, names)
            done.notices.append((item.number, "person"))
        done.added += 1
        done.notices += [(item.number, notice) for notice in item.notices]
    done.notices.sort()
    note(rows=done.rows, added=done.added, unchanged=done.unchanged, reported=len(found.reported))
    return done
