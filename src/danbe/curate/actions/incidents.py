"""Writes of incidents: recorded, verified, graded, withdrawn; and the narrative, whose every reading is a line too."""

from __future__ import annotations

from django.utils import timezone

from danbe.curate.actions._monitoring import From, keep_incidents
from danbe.curate.models import Incident, Narrative
from danbe.curate.monitoring.drafts import DraftRefused, IncidentDraft, Problem, problems
from danbe.curate.monitoring.narratives import known_names, lock, look_over, unlock
from danbe.curate.queries import incidents as queries
from danbe.reference.codelists import codelist
from danbe.reference.personal import Finding, count
from danbe.register.audit import NotAllowed, action, note
from danbe.register.models import Organisation, Role, User

# Which state may follow which; a duplicate is made by a merge only. An incident is closed once it was documented.
NEXT: dict[str, tuple[str, ...]] = {
    "ALERTE": ("ENCOURS", "DOC", "REJ"),
    "ENCOURS": ("DOC", "TRI", "REJ"),
    "DOC": ("TRI", "CLOS", "REJ"),
    "TRI": ("CLOS", "REJ"),
    "CLOS": ("DOC",),
    "REJ": ("ENCOURS",),
}
_DOCUMENTED = ("DOC", "TRI")
_STEP = "De «%(old)s» on ne passe pas à «%(new)s»."
_EMPTY = "Un incident documenté compte au moins une violation ou un mouvement : complétez-le d’abord."
_REASON = "Dites pourquoi : la raison reste avec l’incident."
_CODE = "«%(value)s» n’est pas dans la liste %(list)s : choisissez un de ses codes."
_TEXT = "Le récit est vide."


class PersonalData(ValueError):
    """A narrative in which something looks like a name, a phone or a place on the map; ``findings`` say where.

    The writer takes it out, or says that it is none and writes with ``sure``.
    """

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(", ".join(sorted({f.kind for f in findings})))
        self.findings = findings


@action("incidents.record")
def record(user: User, draft: IncidentDraft, organisation: Organisation | None = None, sure: bool = False) -> Incident:
    """Keeps an incident that a person entered here. Raises ``DraftRefused`` with everything wrong, and ``PersonalData``
    for a narrative that may name someone, unless the writer is ``sure``.

    A monitor or supervisor records for its own organisation; coordination says for which.
    """
    wrong = problems(draft, timezone.localdate())
    if wrong:
        raise DraftRefused(wrong)
    if not sure and (findings := look_over(draft.narrative, known_names())):
        raise PersonalData(findings)
    home = _home(user, organisation)
    state = "ALERTE" if draft.record_type == "FLASH" else "ENCOURS"
    monitor = user.pk if user.role in (Role.MONITOR, Role.SUPERVISOR) else None
    (made,) = keep_incidents(user, [(draft, From(home.pk, monitor, verification=state))])
    note(organisation=home.code, violations=len(draft.violations))
    return made


@action("incidents.verify")
def verify(user: User, incident: Incident, verification: str, reason: str = "") -> Incident:
    """Moves an incident one step on (see ``NEXT``); a refutation says why. Raises ``DraftRefused``."""
    found = _mine(user, incident)
    if verification not in NEXT.get(found.verification, ()):
        raise DraftRefused([Problem("verification", _STEP, {"old": found.verification, "new": verification})])
    if verification == "REJ" and not reason.strip():
        raise DraftRefused([Problem("reason", _REASON)])
    if verification in _DOCUMENTED and not (found.violations.exists() or found.movements.exists()):
        raise DraftRefused([Problem("violations", _EMPTY)])
    old, found.verification = found.verification, verification
    if verification in _DOCUMENTED:
        found.record_type = "DOC"
        if found.validated_on is None:
            found.validated_on, found.validated_by = timezone.localdate(), user
    found.withdrawn_reason = reason.strip()[:120] if verification == "REJ" else ""
    found.save()
    note(incident=found.pk, old=old, new=verification)
    return found


@action("incidents.grade")
def grade(user: User, incident: Incident, reliability: str, credibility: str) -> Incident:
    """Grades the source (A–F) and the information (1–6). Raises ``DraftRefused``."""
    found = _mine(user, incident)
    for name, value in (("source_reliability", reliability), ("information_credibility", credibility)):
        if value not in codelist(name):
            raise DraftRefused([Problem(name, _CODE, {"value": value, "list": name})])
    found.source_reliability, found.information_credibility = reliability, credibility
    found.save(update_fields=["source_reliability", "information_credibility"])
    note(incident=found.pk, grade=f"{reliability}{credibility}")
    return found


@action("incidents.withdraw")
def withdraw(user: User, incident: Incident, reason: str) -> Incident:
    """Takes an incident out of all figures; it stays, with the reason. Raises ``DraftRefused``."""
    found = _mine(user, incident)
    if not reason.strip():
        raise DraftRefused([Problem("reason", _REASON)])
    found.withdrawn_at, found.withdrawn_reason = timezone.now(), reason.strip()[:120]
    found.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    note(incident=found.pk)
    return found


@action("incidents.write_narrative")
def write_narrative(user: User, incident: Incident, text: str, sure: bool = False) -> Narrative:
    """Keeps the narrative, encrypted, in place of the one before. Raises ``PersonalData`` unless the writer is ``sure``.

    The log says which kinds were found and kept, never the words.
    """
    found = _mine(user, incident)
    _may_read(user)
    if not text.strip():
        raise DraftRefused([Problem("narrative", _TEXT)])
    findings = look_over(text, known_names())
    if findings and not sure:
        raise PersonalData(findings)
    kinds = count(findings)
    kept, _new = Narrative.objects.update_or_create(
        incident=found, defaults={"ciphertext": lock(text.strip()), "found": kinds, "written_by": user}
    )
    note(incident=found.pk, found=kinds)
    return kept


@action("incidents.read_narrative")
def read_narrative(user: User, incident: Incident) -> str:
    """The narrative in clear, and a line in the log: who read which, when. '' where there is none.

    An administrator never reads it. Raises ``NotAllowed``, and ``NarrativeLocked`` when the key is not there.
    """
    _may_read(user)
    found = _mine(user, incident)
    kept = Narrative.objects.filter(incident=found).first()
    note(incident=found.pk, there=kept is not None)
    return unlock(bytes(kept.ciphertext)) if kept else ""


def _may_read(user: User) -> None:
    if not queries.may_read_narratives(user):
        raise NotAllowed(f"{user.username}: narratives")


def _mine(user: User, incident: Incident) -> Incident:
    """The incident as it stands, if it is the person's to write; locked until the end of the action."""
    found = queries.incidents(user).order_by().filter(pk=incident.pk).select_for_update(of=("self",)).first()
    if found is None:
        raise NotAllowed(f"{user.username}: incident {incident.pk}")
    return found


def _home(user: User, organisation: Organisation | None) -> Organisation:
    if user.role in (Role.ADMINISTRATOR, Role.COORDINATOR) or user.is_superuser:
        if organisation is None:
            raise DraftRefused([Problem("organisation_id", "Dites de quelle organisation vient l’incident.")])
        return organisation
    if user.organisation is None or (organisation is not None and organisation.pk != user.organisation_id):
        raise NotAllowed(f"{user.username}: {organisation.code if organisation else 'no organisation'}")
    return user.organisation.merged_into or user.organisation
