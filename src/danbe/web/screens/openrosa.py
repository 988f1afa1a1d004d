"""The door for ODK Collect and KoboCollect (OpenRosa 1.0): list, manifest, form, media, submission.

Two ways in: ``/openrosa/…`` with Digest (or Basic over https), and ``/key/<token>/…`` with the token in the address.
Whatever is refused, the body is read to its end first: a phone that meets a closed pipe loses the answer.
"""

from __future__ import annotations

import functools
import hashlib
import logging
from collections.abc import Callable
from io import BytesIO
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from danbe.collect.actions.submissions import receive
from danbe.collect.forms import arrival, digest, openrosa
from danbe.collect.forms.digest_once import first_use
from danbe.collect.forms.xml import MAX_SUBMISSION_BYTES, BadXML
from danbe.collect.models import FieldAccess, FormVersion, Submission
from danbe.collect.queries.forms import access_of, published_forms
from danbe.collect.storage import TooLarge, upload_path
from danbe.register.audit import may
from danbe.register.models import User
from danbe.web.language import _

log = logging.getLogger("danbe")

# Phones cut what they send into posts of at most this; smaller posts lose less on a broken line.
ACCEPT_BYTES = 16 * 1024 * 1024
# What is read of a body only to be refused.
DRAIN_BYTES = 256 * 1024 * 1024
XML = "text/xml; charset=utf-8"

View = Callable[..., HttpResponseBase]


def _door(*methods: str) -> Callable[[View], View]:
    """Signs the phone in, keeps to OpenRosa's headers, and answers refusals in its own words."""

    def declare(view: View) -> View:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, token: str = "", **kwargs: Any) -> HttpResponseBase:
            access = _by_token(token) if token else _by_header(request)
            if request.method not in methods:
                response: HttpResponseBase = _say(405, _("Cette adresse ne répond pas à %(m)s.", m=request.method))
            elif isinstance(access, FieldAccess):
                try:
                    response = view(request, access.user, token, **kwargs)
                except Http404:
                    response = _say(404, _("Ce formulaire n’est pas, ou n’est plus, proposé aux téléphones."))
            elif token:
                response = _say(403, _("Cet accès n’existe pas ou a été retiré. Demandez un nouveau code QR."))
            else:
                response = _say(401, _("Identifiez-vous avec l’accès reçu de la coordination."))
                key = settings.SECRET_KEY
                response["WWW-Authenticate"] = digest.challenge(key, basic=request.is_secure(), stale=access == "stale")
            if response.status_code >= 400:
                _drain(request)
            response["X-OpenRosa-Version"] = "1.0"
            response["X-OpenRosa-Accept-Content-Length"] = str(ACCEPT_BYTES)
            response["Date"] = http_date()
            response["Cache-Control"] = "no-store, private"
            return response

        return csrf_exempt(login_not_required(wrapped))

    return declare


def _by_token(token: str) -> FieldAccess | None:
    return access_of(token_sha256=hashlib.sha256(token.encode()).hexdigest())


def _by_header(request: HttpRequest) -> FieldAccess | str | None:
    """The access whose secret the request proves; 'stale' when only its nonce is too old, or served before."""
    header = request.headers.get("Authorization", "")
    if (pair := digest.read_basic(header)) is not None:
        # Over plain http a Basic secret is already lost; accepting it would teach phones to go on.
        return access_of(username=pair[0], token_sha256=_hash(pair[1])) if request.is_secure() else None
    if (answer := digest.read_digest(header)) is None:
        return None
    access = access_of(username=answer.username)
    if access is None or unquote(urlsplit(answer.uri).path) != request.path:
        return None
    if not answer.matches(access.ha1, request.method or ""):
        return None
    state = digest.nonce_state(answer.nonce, settings.SECRET_KEY)
    if state == "forged":
        return None
    # An answer seen before is stale, too: a client that sent it twice asks for a new nonce and goes on by itself.
    return access if state == "good" and first_use(answer) else "stale"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _drain(request: HttpRequest) -> None:
    left = DRAIN_BYTES
    try:
        while left > 0 and (chunk := request.read(1 << 16)):
            left -= len(chunk)
    except Exception:  # the body was read already, or the phone is gone: either way there is nothing left to read
        log.debug("nothing to drain")


def _say(status: int, message: str, nature: str = "") -> HttpResponse:
    return HttpResponse(openrosa.answer(message, nature), status=status, content_type=XML)


def _address(request: HttpRequest, token: str, name: str, *args: Any) -> str:
    return request.build_absolute_uri(
        reverse(f"key_{name}" if token else f"openrosa_{name}", args=[token, *args] if token else args)
    )


@_door("GET", "HEAD")
def form_list(request: HttpRequest, user: User, token: str) -> HttpResponseBase:
    """The forms offered. One that lacks something is left out and logged, so that the others still reach phones."""
    offered = []
    wanted = request.GET.get("formID", "")
    for version in published_forms(user):
        if wanted and version.form.form_id != wanted:
            continue
        try:
            if not upload_path(version.xform_sha256).is_file():
                raise ValueError("its XForm is missing from the data folder")
            offered.append(
                openrosa.Offered(
                    form_id=version.form.form_id,
                    name=version.title,
                    version=version.version,
                    md5=version.xform_md5,
                    download_url=_address(request, token, "form", version.pk),
                    manifest_url=_address(request, token, "manifest", version.pk) if version.media.all() else "",
                )
            )
        except ValueError as error:
            log.error("form %s is not offered to phones: %s", version.pk, error)
    return HttpResponse(openrosa.form_list(offered), content_type=XML)


def _version(user: User, pk: int) -> FormVersion:
    return get_object_or_404(published_forms(user), pk=pk)


@_door("GET", "HEAD")
def form(request: HttpRequest, user: User, token: str, pk: int) -> HttpResponseBase:
    return _file(_version(user, pk).xform_sha256, XML)


@_door("GET", "HEAD")
def manifest(request: HttpRequest, user: User, token: str, pk: int) -> HttpResponseBase:
    version = _version(user, pk)
    media = [
        (m.filename, m.md5, _address(request, token, "media", version.pk, m.filename))
        for m in version.media.order_by("filename")
    ]
    return HttpResponse(openrosa.manifest(media), content_type=XML)


@_door("GET", "HEAD")
def media(request: HttpRequest, user: User, token: str, pk: int, filename: str) -> HttpResponseBase:
    return _file(get_object_or_404(_version(user, pk).media, filename=filename).sha256, "application/octet-stream")


def _file(sha256: str, content_type: str) -> HttpResponseBase:
    try:
        return FileResponse(upload_path(sha256).open("rb"), content_type=content_type)
    except FileNotFoundError:
        raise Http404 from None


@_door("HEAD", "POST")
def submission(request: HttpRequest, user: User, token: str) -> HttpResponseBase:
    """HEAD: 204 and nothing else will do. POST: 201 the first time, 202 again, 400/404/409/413 with the reason."""
    if request.method == "HEAD":
        return HttpResponse(status=204)
    return take(request, user, Submission.Source.OPENROSA)


def take(request: HttpRequest, user: User, source: str) -> HttpResponse:
    """Receives the multipart post of a phone or of our own browser entry."""
    if not may(user, "submissions.receive"):
        return _say(403, _("Ce compte ne peut pas envoyer de soumission."))
    try:
        xml, files = _parts(request)
        kept = arrival.keep(xml, files)
        arrival.flush_at_commit()
        received = receive(
            user,
            kept,
            incomplete=request.POST.get("*isIncomplete*", "").lower() == "yes",
            source=source,
            device_id=request.GET.get("deviceID", ""),
        )
    except arrival.UnknownForm as error:
        return _say(404, _("Formulaire inconnu : %(form)s. Demandez sa publication à la coordination.", form=error))
    except arrival.Conflict:
        return _say(409, _("Une autre soumission porte le même identifiant. Rien n’a été remplacé."))
    except (TooLarge, RequestDataTooBig):
        return _say(413, _("Un fichier joint est trop lourd pour ce serveur."))
    except (BadXML, BadRequest, MultiPartParserError, SuspiciousOperation) as error:
        return _say(400, _("Cette soumission ne se lit pas : %(why)s", why=error))
    return _say(201 if received.created else 202, _("Reçu. Merci."), "submit_success")


def _parts(request: HttpRequest) -> tuple[bytes, list[tuple[str, IO[bytes], str]]]:
    xml: bytes | None = None
    files: list[tuple[str, IO[bytes], str]] = []
    for name, uploaded in request.FILES.lists():
        for file in uploaded:
            if name == "xml_submission_file":
                xml = file.read(MAX_SUBMISSION_BYTES + 1)
            else:
                files.append((file.name or name, file.file or BytesIO(), file.content_type or ""))
    if xml is None and (text := request.POST.get("xml_submission_file")):
        xml = text.encode()
    if xml is None:
        raise BadXML("xml_submission_file")
    return xml, files
