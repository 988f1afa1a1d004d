# fmt: off
"""The figures of referrals (field brief §2): accepted / needing with consent, completed / accepted, share without service."""

from __future__ import annotations

from typing import Any

from danbe.analyse.indicator import indicator

_CUT = ("period", "level", "place", "category")
_SOURCE = "Cluster Protection Mali, monitoring de protection"


def _sum(column: Any) -> Any:
    return column.sum().cast("int64")


@indicator(
    "referral_needs", "Besoins exprimés avec accord", "Needs with consent",
    unit="besoins", numerator="responses with consent", period_logic="flow", dimensions=_CUT, source=_SOURCE,
    definition_fr="Besoins pour lesquels la personne a accepté d’être référée.", definition_en="Needs for which the person agreed to be referred.",
)
def referral_needs(responses: Any) -> Any:
    """Over the responses with consent."""
    return responses.count()


@indicator(
    "referrals_accepted", "Référencements acceptés", "Referrals accepted",
    unit="référencements", numerator="responses with consent, outcome in (ACC, FAIT)", period_logic="flow", dimensions=_CUT, source=_SOURCE,
    definition_fr="Référencements que le service a acceptés, aboutis compris.", definition_en="Referrals the service accepted, completed ones included.",
)
def referrals_accepted(responses: Any) -> Any:
    """Over the responses with consent."""
    return _sum(responses.accepted)


@indicator(
    "referrals_completed", "Référencements aboutis", "Referrals completed",
    unit="référencements", numerator="responses with consent, outcome = FAIT", period_logic="flow", dimensions=_CUT, source=_SOURCE,
    definition_fr="Référencements dont le service a été rendu.", definition_en="Referrals whose service was provided.",
)
def referrals_completed(responses: Any) -> Any:
    """Over the responses with consent."""
    return _sum(responses.completed)


@indicator(
    "needs_without_service", "Besoins sans service", "Needs without a service",
    unit="besoins", numerator="responses with consent, outcome = SANS", period_logic="flow", dimensions=_CUT, source=_SOURCE,
    definition_fr="Besoins pour lesquels aucun service n’existe ou n’est accessible : l’écart à combler.", definition_en="Needs for which no service exists or can be reached: the gap.",
)
def needs_without_service(responses: Any) -> Any:
    """Over the responses with consent."""
    return _sum(responses.no_service)


@indicator(
    "referral_acceptance", "Taux d’acceptation", "Acceptance rate",
    unit="ratio", numerator="referrals_accepted", denominator="referral_needs", period_logic="ratio", dimensions=_CUT, source=_SOURCE,
    definition_fr="Référencements acceptés sur besoins exprimés avec accord.", definition_en="Referrals accepted over needs with consent.",
)
def referral_acceptance(found: Any) -> Any:
    """Over the counts of referrals."""
    return found.accepted / found.needs.nullif(0)


@indicator(
    "referral_completion", "Taux d’aboutissement", "Completion rate",
    unit="ratio", numerator="referrals_completed", denominator="referrals_accepted", period_logic="ratio", dimensions=_CUT, source=_SOURCE,
    definition_fr="Référencements aboutis sur référencements acceptés.", definition_en="Referrals completed over referrals accepted.",
)
def referral_completion(found: Any) -> Any:
    """Over the counts of referrals."""
    return found.completed / found.accepted.nullif(0)


@indicator(
    "no_service_share", "Part sans service", "Share without a service",
    unit="ratio", numerator="needs_without_service", denominator="referral_needs", period_logic="ratio", dimensions=_CUT, source=_SOURCE,
    definition_fr="Besoins sans service sur besoins exprimés avec accord.", definition_en="Needs without a service over needs with consent.",
)
def no_service_share(found: Any) -> Any:
    """Over the counts of referrals."""
    return found.no_service / found.needs.nullif(0)
