"""Who is at the screen, and what every view asks of a request."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse, HttpRequest

from danbe.register.audit import NotAllowed
from danbe.register.models import Organisation, User
from danbe.register.queries.users import is_administrator
from danbe.web.queries.releases import takes_part


def signed_in(request: HttpRequest) -> User:
    """The person signed in, as the house's own User (LoginRequiredMiddleware has seen to it that there is one)."""
    if not isinstance(request.user, User) or not request.user.is_authenticated:
        raise NotAllowed("not signed in")
    return request.user


def administrator(request: HttpRequest) -> User:
    """The person signed in, if an administrator; else ``NotAllowed``, which becomes the 403 page."""
    user = signed_in(request)
    if not is_administrator(user):
        raise NotAllowed(f"{user.username}: administrators only")
    return user


def approver(request: HttpRequest) -> User:
    """The person signed in, if one who prepares and approves releases; else ``NotAllowed``."""
    user = signed_in(request)
    if not takes_part(user):
        raise NotAllowed(f"{user.username}: those who approve releases only")
    return user


def own_organisation(user: User) -> Organisation | None:
    """A partner's organisation (a merged one leads to the one kept); ``None`` for an administrator."""
    home = None if is_administrator(user) else user.organisation
    return home.merged_into or home if home else None


def download(path: Path, filename: str, content_type: str) -> FileResponse:
    """A file to save, never to show: attachment, no sniffing, no cache on shared computers."""
    response = FileResponse(path.open("rb"), as_attachment=True, filename=filename, content_type=content_type)
    response["Cache-Control"] = "no-store, private"
    return response


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
