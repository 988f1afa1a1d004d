"""The second half of the release flow: approved by two people, signed, published; or withdrawn before that.

Once approved nothing of a release changes: its folder is read-only and named by its content, its approvals and their
signature lie beside it, and every state it went through stands in the action log.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from danbe.protect import signature
from danbe.protect.release import Damaged, verify
from danbe.reference.codelists import codelist
from danbe.reference.folders import sha256_of
from danbe.register.audit import action, note
from danbe.register.models import User
from danbe.web import inside
from danbe.web.actions.releases import ReleaseError, _
from danbe.web.lock import Busy, alone
from danbe.web.models import Approval, Release

State = Release.State


@action("release.approve")
def approve_release(user: User, release: Release, role: str, against: str | None = None) -> Release:
    """One person's approval, as ``role`` (a code of the list ``approver``). The second person's makes it approved and
    signed; whoever proposed the release is one person like another and gives one of the two at most.

    ``against`` is the id of the release it was compared with on the screen. Raises ``ReleaseError``, ``Damaged``.
    """
    if role not in codelist("approver"):
        known = ", ".join(i.code for i in codelist("approver").items)
        raise ReleaseError(_("Fonction «%(role)s» inconnue. Au choix : %(known)s."), role=role, known=known)
    if user.username == "danbe":
        raise ReleaseError(
            _("Le compte des commandes n’est pas une personne : approuvez avec votre propre compte (--user).")
        )
    release = Release.objects.select_for_update().get(pk=release.pk)
    if release.state != State.PREVIEW:
        raise ReleaseError(
            _("Cette publication n’attend pas d’approbation. Son état : %(state)s."),
            state=release.get_state_display().lower(),
        )
    if against is not None and against != (release.against.release_id if release.against else ""):
        raise ReleaseError(
            _("Une autre publication a été mise en ligne depuis : relisez ce qui change avant d’approuver.")
        )
    manifest = inside.folder(release.release_id) / "manifest.json"
    verify(manifest.parent)
    standing = release.approvals.filter(void=False)
    if standing.filter(user=user).exists():
        raise ReleaseError(
            _("Vous avez déjà approuvé cette publication : l’autre approbation revient à une autre personne.")
        )
    Approval.objects.create(
        release=release, user=user, role=role, at=timezone.now(), manifest_sha256=sha256_of(manifest)
    )
    given = standing.count()
    note(release=release.release_id, role=role, approval=given, of=signature.NEEDED)
    if given >= signature.NEEDED:
        _go(release, State.APPROVED)
        try:
            release = sign_release(user, release)
        except signature.SignatureError:
            # The approvals stand; publishing will sign, or say what is wrong with the key.
            note(unsigned=True)
    return release


@action("release.sign")
def sign_release(user: User, release: Release) -> Release:
    """Signs the approvals of a release with the cluster's key and keeps both beside its folder.

    Raises ``SignatureError`` for a key that cannot be used, ``Damaged`` for a file changed since the approvals.
    """
    release = Release.objects.select_for_update().get(pk=release.pk)
    folder = inside.folder(release.release_id)
    approvals = list(release.approvals.filter(void=False).order_by("at", "pk"))
    digest = sha256_of(folder / "manifest.json")
    if release.state not in (State.APPROVED, State.SIGNED) or len({a.user_id for a in approvals}) < signature.NEEDED:
        raise ReleaseError(_("Il faut l’approbation de %(needed)s personnes avant de signer."), needed=signature.NEEDED)
    if any(a.manifest_sha256 != digest for a in approvals):
        raise Damaged(f"{release.release_id} : le manifeste a changé depuis les approbations")
    said = [signature.Approval(a.role, a.at.isoformat(timespec="seconds")) for a in approvals]
    seal = signature.seal(folder, said, _keys())
    if release.state == State.APPROVED:
        _go(release, State.SIGNED)
    note(release=release.release_id, key=seal.key.id)
    return release


@action("release.withdraw")
def withdraw_release(user: User, release: Release) -> Release:
    """Takes back a release that was not published: it will not be. Its approvals no longer hold; its folder stays."""
    release = Release.objects.select_for_update().get(pk=release.pk)
    if release.state in (State.PUBLISHED, State.SUPERSEDED):
        raise ReleaseError(
            _("Ce qui a été publié ne se retire pas : d’autres l’ont déjà. Publiez une version corrigée.")
        )
    if release.state == State.WITHDRAWN:
        raise ReleaseError(_("Déjà retirée."))
    was = release.state
    release.approvals.filter(void=False).update(void=True)
    signature.unseal(inside.folder(release.release_id))
    shutil.rmtree(inside.preview_folder(release.release_id), ignore_errors=True)
    _go(release, State.WITHDRAWN)
    note(release=release.release_id, was=was)
    return release


@action("release.publish", lasting=True)
def publish_release(user: User, release: Release, base_url: str = "") -> Release:
    """Builds the site of a signed release beside the one that stands, checks it and swaps them; the previous stays on
    disk. A superseded release may be published again: all it says is already known.

    Raises ``ReleaseError``, ``Damaged`` when a file of the release changed, ``SignatureError`` when its approvals do
    not hold, ``publish.site.build.SiteError`` when the site built is not whole. What is published stays as it is then,
    as it does when the work is interrupted. ``base_url`` is only for the site map.
    """
    from danbe.publish.data import Signer
    from danbe.publish.site.build import prepare_site, swap

    release.refresh_from_db()
    if release.state == State.APPROVED:
        release = sign_release(user, release)
    _may_be_published(release)
    folder, site = inside.folder(release.release_id), Path(settings.DATA) / "site"
    signature.verify_seal(folder, signature.public_keys(_keys()))
    signer = Signer(
        signature.keys_document(signature.public_keys(_keys())), lambda message: signature.sign(message, _keys())
    )
    try:
        with alone(Path(settings.DATA) / "locks" / "site"):
            report = prepare_site(folder, site, base_url=base_url, signer=signer, documents=True)
            with transaction.atomic():
                release = Release.objects.select_for_update().get(pk=release.pk)
                _may_be_published(release)
                for former in Release.objects.filter(state=State.PUBLISHED).exclude(pk=release.pk):
                    _go(former, State.SUPERSEDED)
                release.published_at = timezone.now()
                _go(release, State.PUBLISHED)
                # Last of all: should it fail, the records go back to what they were.
                swap(site, report.folder)
    except Busy:
        raise ReleaseError(_("Une autre mise en ligne est en cours : attendez qu’elle finisse.")) from None
    shutil.rmtree(inside.preview_folder(release.release_id), ignore_errors=True)
    note(release=release.release_id, pages=report.pages)
    return release


@action("release.rotate_key")
def rotate_key(user: User) -> None:
    """Makes a new key to sign with. The old private key is gone; its public key stays published for what it signed."""
    note(key=signature.rotate(_keys()).id)


def _may_be_published(release: Release) -> None:
    if release.state in (State.PUBLISHED, State.SUPERSEDED):
        return
    if release.state == State.PREVIEW:
        given = release.approvals.filter(void=False).count()
        raise ReleaseError(
            _("Il faut l’approbation de %(needed)s personnes avant de publier ; il y en a %(given)s."),
            needed=signature.NEEDED,
            given=given,
        )
    if release.state != State.SIGNED:
        raise ReleaseError(_("Cette publication a été retirée."))
    standing = Release.objects.filter(state=State.PUBLISHED).first()
    if release.against != standing:
        raise ReleaseError(
            _(
                "Une autre publication a été mise en ligne depuis le contrôle : repassez celle-ci au contrôle, "
                "qui la comparera à la nouvelle."
            )
        )


def _go(release: Release, state: str) -> None:
    release.state, release.state_at = state, timezone.now()
    release.save()


def _keys() -> Path:
    return Path(settings.DATA) / "keys"
