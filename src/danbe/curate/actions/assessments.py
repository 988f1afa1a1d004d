"""Writes of the response thread: an assessment recorded, linked, reviewed; recommendations made actions; closure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from danbe.curate.actions._monitoring import place_keys
from danbe.curate.actions.incidents import _home
from danbe.curate.assessments.drafts import NEXT, AssessmentDraft, problems
from danbe.curate.models import (
    Activity,
    Assessment,
    Finding,
    Incident,
    Movement,
    RankedNeed,
    Recommendation,
    ResponseAction,
)
from danbe.curate.monitoring.drafts import DraftRefused, Problem
from danbe.curate.monitoring.narratives import known_names, look_over
from danbe.curate.queries import assessments as queries
from danbe.curate.queries import incidents as incident_queries
from danbe.curate.queries import movements as movement_queries
from danbe.register.audit import NotAllowed, action, note
from danbe.register.models import Organisation, Role, User

_PLACE = "Lieu inconnu : «%(value)s»."
_PERSONAL = "Le texte «%(value)s» peut désigner ou situer une personne : ôtez les noms, téléphones et coordonnées."
_STEP = "De «%(old)s» on ne passe pas à «%(new)s»."
_REASON = "Dites pourquoi l’évaluation est rejetée : son auteur doit le savoir."
_INCOMPLETE = "Avant la revue, l’évaluation porte au moins un constat et la date de son rapport."
_DATES = "L’échéance (%(deadline)s) précède l’accord (%(agreed)s) : corrigez l’une des deux dates."
_OPEN = "Des actions restent à faire (%(value)s) : terminez-les avant de clore."
_DONE = "Une action ne se termine ni avant son accord ni dans l’avenir (%(value)s)."
_ENDED = "Cette action est déjà terminée (%(value)s)."
_CLOSED = "Le suivi est clos : l’alerte à laquelle l’évaluation répond ne change plus."
_NOT_VALIDATED = "Seule une évaluation validée se clôt ou se suit d’actions."
_CLOSURE = "Écrivez ce que le suivi a changé : la clôture le garde."
_OTHERS = "L’activité %(value)s est celle d’une autre organisation ou fut retirée."
_ALERT = "Une évaluation répond à une seule alerte : un incident ou un mouvement."


def _clean(texts: Iterable[str], settled: bool) -> None:
    """Refuses texts with personal data; guesses pass once the writer has settled them."""
    known = known_names()
    wrong = [t for t in texts if any(f.certain or not settled for f in look_over(t, known))]
    if wrong:
        # The start of the text only says which: what was found is not repeated.
        raise DraftRefused([Problem("text", _PERSONAL, {"value": f"{t[:12]}…"}) for t in wrong])


@action("assessments.record")
def record(
    user: User, draft: AssessmentDraft, organisation: Organisation | None = None, *, settled: bool = False
) -> Assessment:
    """Keeps an assessment as a draft. ``settled``: the writer looked at capitalised words that may be names.

    Raises ``DraftRefused`` with everything wrong.
    """
    wrong = list(problems(draft, timezone.localdate()))
    places = place_keys([draft.place])
    if draft.place not in places:
        wrong.append(Problem("place", _PLACE, {"value": draft.place}))
    if wrong:
        raise DraftRefused(wrong)
    _clean(draft.texts, settled)
    home = _home(user, organisation)
    made = Assessment.objects.create(
        organisation=home, monitor=user if user.role in (Role.MONITOR, Role.SUPERVISOR) else None,
        place_id=places[draft.place], fielded_on=draft.fielded_on, reported_on=draft.reported_on,
        informants_women=draft.informants_women, informants_men=draft.informants_men, focus_groups=draft.focus_groups,
        observations=draft.observations, people_affected=draft.people_affected, created_by=user,
    )  # fmt: skip
    Finding.objects.bulk_create(
        Finding(
            assessment=made, risk=f.risk, threat=f.threat, vulnerability=f.vulnerability, capacity=f.capacity,
            severity=f.severity, justification=f.justification,
        )
        for f in draft.findings
    )  # fmt: skip
    RankedNeed.objects.bulk_create(
        RankedNeed(assessment=made, group=group, ballot=ballot, rank=rank, need=need)
        for ballot, (group, needs) in enumerate(draft.ballots, 1)
        for rank, need in enumerate(needs, 1)
    )
    Recommendation.objects.bulk_create(Recommendation(assessment=made, text=t) for t in draft.recommendations)
    note(organisation=home.code, findings=len(draft.findings))
    return made


@action("assessments.link")
def link(
    user: User, assessment: Assessment, *, incident: Incident | None = None, movement: Movement | None = None
) -> Assessment:
    """Says which alert an assessment answers; neither unlinks it. Raises ``DraftRefused``."""
    found = _mine(user, assessment)
    if found.closed_on is not None:
        raise DraftRefused([Problem("alert", _CLOSED)])
    if incident is not None and movement is not None:
        raise DraftRefused([Problem("alert", _ALERT)])
    if incident is not None and not incident_queries.incidents(user).filter(pk=incident.pk).exists():
        raise NotAllowed(f"{user.username}: incident {incident.pk}")
    if movement is not None and not movement_queries.movements(user).filter(pk=movement.pk).exists():
        raise NotAllowed(f"{user.username}: movement {movement.pk}")
    found.incident, found.movement = incident, movement
    found.save(update_fields=["incident", "movement"])
    note(incident=incident and incident.pk, movement=movement and movement.pk)
    return found


@action("assessments.submit")
def submit(user: User, assessment: Assessment) -> Assessment:
    """Hands a draft, or a rejected one taken up again, in for review. Raises ``DraftRefused``."""
    found = _mine(user, assessment)
    if found.reported_on is None or not found.findings.exists():
        raise DraftRefused([Problem("findings", _INCOMPLETE)])
    if found.state == "rejected":
        _step(found, "draft")
    return _step(found, "review")


@action("assessments.review")
def review(user: User, assessment: Assessment, state: str, reason: str = "") -> Assessment:
    """Validates, rejects (with a reason) or gives back an assessment in review. Raises ``DraftRefused``."""
    found = _mine(user, assessment)
    if state == "rejected" and not reason.strip():
        raise DraftRefused([Problem("reason", _REASON)])
    if found.state != "review":
        raise DraftRefused([Problem("state", _STEP, {"old": found.state, "new": state})])
    _clean([reason], settled=False)
    return _step(found, state, reason.strip())


@action("assessments.act")
def act(
    user: User, recommendation: Recommendation, owner: Organisation, deadline: date, text: str = "", *,
    agreed_on: date | None = None,
) -> ResponseAction:  # fmt: skip
    """Makes a recommendation of a validated assessment an action: who, by when. Raises ``DraftRefused``."""
    found = _mine(user, recommendation.assessment)
    agreed = agreed_on or timezone.localdate()
    if found.state != "validated":
        raise DraftRefused([Problem("state", _NOT_VALIDATED)])
    if deadline < agreed:
        values = {"deadline": deadline.isoformat(), "agreed": agreed.isoformat()}
        raise DraftRefused([Problem("deadline", _DATES, values)])
    _clean([text], settled=False)
    note(assessment=found.pk, owner=owner.code)
    return ResponseAction.objects.create(
        recommendation=recommendation, owner=owner, deadline=deadline, text=text, agreed_on=agreed
    )


@action("assessments.do")
def do(user: User, done: ResponseAction, on: date, activities: Iterable[Activity] = ()) -> ResponseAction:
    """Ends an action, with the 5W rows of its owner that show it. Raises ``DraftRefused``."""
    found = queries.actions(user).order_by().filter(pk=done.pk).select_for_update(of=("self",)).first()
    if found is None:
        raise NotAllowed(f"{user.username}: action {done.pk}")
    if found.done_on is not None:
        raise DraftRefused([Problem("done_on", _ENDED, {"value": found.done_on.isoformat()})])
    if not found.agreed_on <= on <= timezone.localdate():
        raise DraftRefused([Problem("done_on", _DONE, {"value": on.isoformat()})])
    rows = list(activities)
    for row in rows:
        if row.organisation_id != found.owner_id or row.withdrawn_by_id is not None:
            raise DraftRefused([Problem("activities", _OTHERS, {"value": str(row.pk)})])
    found.done_on = on
    found.save(update_fields=["done_on"])
    found.activities.add(*rows)
    note(activities=len(rows))
    return found


@action("assessments.close")
def close(user: User, assessment: Assessment, closure: str) -> Assessment:
    """Closes a thread whose actions are all done, saying what it changed. Raises ``DraftRefused``."""
    found = _mine(user, assessment)
    if found.state != "validated":
        raise DraftRefused([Problem("state", _NOT_VALIDATED)])
    waiting = ResponseAction.objects.filter(recommendation__assessment=found, done_on=None).count()
    if waiting:
        raise DraftRefused([Problem("actions", _OPEN, {"value": str(waiting)})])
    if not closure.strip():
        raise DraftRefused([Problem("closure", _CLOSURE)])
    _clean([closure], settled=False)
    found.closed_on, found.closure = timezone.localdate(), closure.strip()[:500]
    found.save(update_fields=["closed_on", "closure"])
    return found


def _step(found: Assessment, state: str, reason: str = "") -> Assessment:
    if state not in NEXT.get(found.state, ()):
        raise DraftRefused([Problem("state", _STEP, {"old": found.state, "new": state})])
    note(old=found.state, new=state)
    found.state, found.state_reason = state, reason[:200]
    if state == "validated":
        found.validated_on = timezone.localdate()
    found.save(update_fields=["state", "state_reason", "validated_on"])
    return found


def _mine(user: User, assessment: Assessment) -> Assessment:
    found = queries.assessments(user).order_by().filter(pk=assessment.pk).select_for_update(of=("self",)).first()
    if found is None:
        raise NotAllowed(f"{user.username}: assessment {assessment.pk}")
    return found
