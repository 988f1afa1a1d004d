"""Writing the cluster's own words for the public site, and choosing its key figures. Both go out with the next release."""

from __future__ import annotations

from collections.abc import Sequence

from danbe.protect.reasons import Reason
from danbe.protect.text import check_editorial
from danbe.reference.words import LANGUAGES
from danbe.register.audit import action, note
from danbe.register.models import User
from danbe.web.models_editorial import KeyFigureChoice, TextVersion
from danbe.web.queries import editorial as queries

LONGEST = 40_000
MOST = 12


class NotPublishable(ValueError):
    """A text that may not leave as it is; ``reasons`` say where and why."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        self.reasons = list(reasons)
        super().__init__("\n".join(r.text() for r in reasons))


@action("texts.save")
def save_text(user: User, name: str, language: str, body: str) -> TextVersion:
    """Keeps a new version of a text. Raises ``NotPublishable`` for a typed figure, a person, or a placeholder that does
    not hold against the newest release; ``KeyError`` for a text the site does not have."""
    if name not in queries.names(user) or language not in LANGUAGES:
        raise KeyError(name)
    text = body.replace("\r\n", "\n").strip()[:LONGEST] + "\n"
    reasons = check_editorial(text, queries.released_cells(user), language, known=queries.known_names(user))
    if reasons:
        raise NotPublishable(reasons)
    note(text=name, language=language, characters=len(text))
    return TextVersion.objects.create(name=name, language=language, body=text, saved_by=user)


@action("key_figures.choose")
def choose_key_figures(user: User, indicators: Sequence[str]) -> KeyFigureChoice:
    """Keeps the choice of key figures, in this order. Raises ``KeyError`` for an indicator that is none."""
    known = {item["id"] for item in queries.candidates(user)}
    chosen = list(dict.fromkeys(indicators))[:MOST]
    for indicator in chosen:
        if indicator not in known:
            raise KeyError(indicator)
    note(indicators=chosen)
    return KeyFigureChoice.objects.create(indicators=chosen, chosen_by=user)
