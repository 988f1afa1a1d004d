"""The first half of the release flow: a snapshot goes through the gate and becomes a draft to read again, or is refused.

Both verbs may take minutes and are interrupted without harm: the folder of a release is settled in one step, and the
release that stands is not touched here at all.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from danbe.curate.models import Snapshot
from danbe.reference.words import translator
from danbe.register.audit import action, note
from danbe.register.models import User
from danbe.web import inside
from danbe.web.lock import Busy, alone
from danbe.web.models import Draft, Release


def _(message: str) -> str:
    """Marks a French source string; it is translated when shown."""
    return message


class ReleaseError(ValueError):
    """A release that cannot be made, approved or published; ``text`` says why and what to do."""

    def __init__(self, message: str, **details: Any) -> None:
        self.message, self.details = message, details
        super().__init__(self.text())

    def text(self, language: str = "fr") -> str:
        return translator(language)(self.message) % self.details


def _lock(draft: Draft) -> Path:
    return Path(settings.DATA) / "locks" / f"draft-{draft.pk}"


def _figures(snapshot: Snapshot) -> Path:
    """The figures of a snapshot, worked out when they are not there yet."""
    return _compute(settings.DATA / "snapshots" / snapshot.snapshot_id)


def _compute(folder: Path) -> Path:
    from danbe.analyse.compute import compute

    return compute(folder, settings.DATA / "figures")


@action("release.draft")
def start_draft(user: User, snapshot: Snapshot, options: dict[str, Any] | None = None) -> Draft:
    """Opens a draft from a snapshot. ``options`` are what the gate suggested as a cheaper plan, taken up."""
    note(snapshot=snapshot.snapshot_id, options=options or {})
    return Draft.objects.create(user=user, snapshot=snapshot, options=options or {})


@action("release.build", lasting=True)
def pass_gate(user: User, draft: Draft, made_at: str = "") -> Draft:
    """Passes a draft through the gate. It comes back ``PASSED`` with its release, or ``REFUSED`` with the reasons.

    The same content is the same release: passing it again changes nothing, unless another release was published
    meanwhile, in which case its approvals start again (what approvers compare with is no longer the same). The
    release that stands is left as it is. Raises ``lock.Busy`` where another process is at this draft.
    """
    from danbe.protect.reasons import Refused

    if draft.state != Draft.State.GATE:
        raise ReleaseError(_("Ce brouillon est déjà passé au contrôle."))
    standing = Release.objects.filter(state=Release.State.PUBLISHED).first()
    try:
        with alone(_lock(draft)):
            built = _build(draft, standing, made_at)
            difference = _difference(standing, built)
        inside.write(
            built.release_id,
            built.report,
            against=standing.release_id if standing else "",
            difference=difference,
        )
        with transaction.atomic():
            release = _settle(user, draft, built, standing)
            _close(draft, Draft.State.PASSED, release=release)
    except Refused as refused:
        reasons = [{"rule": r.rule, "fr": r.text("fr"), "en": r.text("en")} for r in refused.reasons]
        _close(draft, Draft.State.REFUSED, reasons=reasons)
        note(snapshot=draft.snapshot.snapshot_id, refused=sorted({r["rule"] for r in reasons}))
        return draft
    except Busy:
        raise
    except BaseException:
        # Whatever it was, an interrupt included: nothing was published and the draft says that it stopped.
        _close(draft, Draft.State.STOPPED)
        raise
    note(release=release.release_id, snapshot=draft.snapshot.snapshot_id, already_there=built.already_there)
    return draft


def _published() -> list[Path]:
    """The folders of all that was ever public, oldest first, whatever stands now: readers keep what they have read."""
    published = Release.objects.exclude(published_at=None).order_by("published_at", "pk")
    return [folder for r in published if (folder := inside.folder(r.release_id)).is_dir()]


def _build(draft: Draft, standing: Release | None, made_at: str) -> Any:
    from danbe.protect.late import hold_back
    from danbe.protect.plan_file import plan_of
    from danbe.protect.registers import registers_of
    from danbe.protect.release import build_release
    from danbe.web.queries.editorial import chosen, settle_texts

    earlier, snapshots, plan = _published(), settings.DATA / "snapshots", plan_of(settings.COUNTRY_PACK)
    # A month once published stands: late rows wait until what they change is no small count.
    held = hold_back(
        snapshots / draft.snapshot.snapshot_id,
        snapshots / standing.manifest["snapshot_id"] if standing else None,
        earlier, _compute, snapshots, plan,
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="danbe-texts-") as folder:
        built = build_release(
            held.figures,
            held.snapshot,
            settings.DATA / "releases",
            previous=standing.release_id if standing else "",
            earlier=earlier,
            plan=plan,
            suggested=draft.options.get("suggestions", []),
            texts=settle_texts(Path(folder)),
            made_at=made_at,
            registers=registers_of(settings.COUNTRY_PACK),
            key_figures=chosen(),
        )
    if built.report is not None:
        built.report.costs["held_back"] = held.as_list()
    return built


def _difference(standing: Release | None, built: Any) -> dict[str, Any]:
    """What changed against the release that stands, kept with the draft for those who approve."""
    from danbe.web.queries.releases import compare

    if standing is None or standing.release_id == built.release_id:
        return {"figures": [], "more": 0}
    # The snapshot of a release may be one from which late rows were held back.
    return compare(
        standing.release_id, standing.manifest["snapshot_id"], built.release_id, built.manifest["snapshot_id"]
    )


def _settle(user: User, draft: Draft, built: Any, standing: Release | None) -> Release:
    """The record of the release: new, or the one of the same content with its approvals where they still hold."""
    release, made = Release.objects.select_for_update().get_or_create(
        release_id=built.release_id,
        defaults={
            "snapshot": draft.snapshot, "proposed_by": user, "manifest": built.manifest, "against": standing,
        },
    )  # fmt: skip
    if made or release.state in (Release.State.PUBLISHED, Release.State.SUPERSEDED):
        return release
    if release.state == Release.State.WITHDRAWN or release.against != standing:
        from danbe.protect.signature import unseal

        release.approvals.filter(void=False).update(void=True)
        unseal(inside.folder(release.release_id))
        release.against, release.state, release.state_at = standing, Release.State.PREVIEW, timezone.now()
        release.proposed_by = user
        release.save()
    return release


def _close(draft: Draft, state: str, **values: Any) -> None:
    draft.state, draft.state_at = state, timezone.now()
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save()


@action("release.preview", lasting=True)
def build_preview(user: User, release: Release) -> Release:
    """Builds the pages of a release as they would be published, where only people inside may open them."""
    from danbe.publish.site.build import build_site
    from danbe.reference.folders import folder_beside, settle

    target = inside.preview_folder(release.release_id)
    with folder_beside(target.parent) as building:
        report = build_site(inside.folder(release.release_id), building, documents=True)
        settle(building, target, replace=True)
    note(release=release.release_id, pages=report.pages)
    return release


@action("release.suggest", lasting=True)
def suggest(user: User, release: Release) -> Release:
    """Looks for plans that would hide less (a table less fine, or left out) and keeps them with the release.

    Each is tried through the whole gate, so this takes as long as several releases.
    """
    from danbe.protect.decide import decide
    from danbe.protect.gate import load
    from danbe.protect.history import told
    from danbe.protect.plan_file import plan_of
    from danbe.protect.suggest import suggestions, take_up

    made = release.drafts.filter(state=Draft.State.PASSED).order_by("pk").last()
    name = release.manifest["snapshot_id"]
    figures = settings.DATA / "figures" / name
    stated = json.loads((figures / "figures.json").read_text("utf-8"))
    plan = plan_of(settings.COUNTRY_PACK)
    inputs = load(figures, settings.DATA / "snapshots" / name, plan, list(stated.get("indicators", {}).values()))
    before = [told(folder, plan, inputs.places) for folder in _published()]
    inputs, _chosen = take_up(inputs, made.options.get("suggestions", []) if made else [])
    decision = decide(inputs.tables, inputs.plan, inputs.places, inputs.shares, before)
    found = suggestions(inputs, decision, before)
    inside.add(release.release_id, suggestions=found, suggested=True)
    note(release=release.release_id, found=[s["id"] for s in found])
    return release
