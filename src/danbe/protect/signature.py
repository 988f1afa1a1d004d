"""Signatures: who answers for a release, said in a small statement beside it and signed with the cluster's key.

Ed25519 (RFC 8032). The statement names the hash of the manifest, which names the hash of every file, so the signature
covers all of them; anyone can check it with the public key and any tool. Keys stay in the data folder, ``keys/``.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from danbe.protect.release import Damaged, verify
from danbe.reference.codelists import codelist
from danbe.reference.folders import sha256_of
from danbe.reference.words import translator

NEEDED = 2
"""Approvals, by as many people, without which nothing is published."""
PRIVATE, PUBLIC = "release.key", "public-keys.json"
# SubjectPublicKeyInfo of an Ed25519 key (RFC 8410) up to the key itself, so that openssl reads it.
_SPKI = bytes.fromhex("302a300506032b6570032100")


def _(message: str) -> str:
    """Marks a French source string; it is translated when shown."""
    return message


class SignatureError(ValueError):
    """A key that cannot be used, or a release whose approvals or signature do not hold; ``text`` says why."""

    def __init__(self, message: str, **details: Any) -> None:
        self.message, self.details = message, details
        super().__init__(self.text())

    def text(self, language: str = "fr") -> str:
        return translator(language)(self.message) % self.details


@dataclass(frozen=True)
class PublicKey:
    """A public key of the cluster: ``id`` names it, ``since`` and ``until`` (empty while in force) are ISO times."""

    id: str
    raw: bytes
    since: str = ""
    until: str = ""

    @property
    def pem(self) -> str:
        body = base64.b64encode(_SPKI + self.raw).decode()
        return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"

    def as_dict(self) -> dict[str, str]:
        raw = base64.b64encode(self.raw).decode()
        return {"id": self.id, "algorithm": "Ed25519", "public": raw, "pem": self.pem, "since": self.since, "until": self.until}  # fmt: skip


@dataclass(frozen=True)
class Approval:
    """One person's approval: the ``role`` (a code of the list ``approver``) and the ISO time; never a name."""

    role: str
    at: str


@dataclass(frozen=True)
class Seal:
    """A signature found good: the statement it signs and the key that made it."""

    statement: dict[str, Any]
    key: PublicKey


def ensure_key(keys: Path) -> PublicKey:
    """The public key in force; both keys are made at first use, the private one readable by its owner only."""
    from nacl.signing import SigningKey

    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = keys / PRIVATE
    if not path.exists():
        made = _beside(path, base64.b64encode(bytes(SigningKey.generate())) + b"\n")
        try:
            # A link, unlike a rename, gives way to a key that another process made a moment ago.
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    current = _identified(bytes(_private(keys).verify_key))
    known = _listed(keys)
    if not any(k.id == current.id for k in known):
        now = _now()
        closed = [PublicKey(k.id, k.raw, k.since, k.until or now) for k in known]
        _list(keys, [PublicKey(current.id, current.raw, now), *closed])
    return next(k for k in _listed(keys) if k.id == current.id)


def rotate(keys: Path) -> PublicKey:
    """Makes a new pair of keys; the old private key is gone, its public key stays for what it signed."""
    from nacl.signing import SigningKey

    with suppress(SignatureError):  # a key that cannot be read any more is replaced all the same
        ensure_key(keys)
    _beside(keys / PRIVATE, base64.b64encode(bytes(SigningKey.generate())) + b"\n").replace(keys / PRIVATE)
    return ensure_key(keys)


def public_keys(keys: Path) -> list[PublicKey]:
    """All public keys, newest first; none where no key was ever made."""
    if (keys / PRIVATE).exists():
        ensure_key(keys)
    return _listed(keys)


def keys_document(keys: Iterable[PublicKey]) -> bytes:
    """The public keys as they are published (JSON)."""
    text = json.dumps({"keys": [k.as_dict() for k in keys]}, sort_keys=True, indent=1)
    return (text + "\n").encode()


def read_keys(path: Path) -> list[PublicKey]:
    """The public keys of a published document; raises ``SignatureError`` for anything else."""
    try:
        found = json.loads(path.read_text("utf-8"))["keys"]
        keys = [PublicKey(k["id"], base64.b64decode(k["public"]), k["since"], k["until"]) for k in found]
    except (OSError, ValueError, KeyError, TypeError):
        raise SignatureError(
            _("%(path)s : ce fichier ne contient pas de clés publiques lisibles."), path=path
        ) from None
    if any(_identified(k.raw).id != k.id for k in keys):
        raise SignatureError(_("%(path)s : une clé ne porte pas son propre nom."), path=path)
    return keys


def sign(message: bytes, keys: Path) -> bytes:
    """The signature (64 bytes) of ``message`` by the key in force."""
    ensure_key(keys)
    return bytes(_private(keys).sign(message).signature)


def check(message: bytes, signature: bytes, keys: Iterable[PublicKey]) -> PublicKey:
    """The key that signed ``message``; raises ``SignatureError`` when none of ``keys`` did."""
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    for key in keys:
        try:
            VerifyKey(key.raw).verify(message, signature)
        except (BadSignatureError, ValueError):
            continue
        return key
    raise SignatureError(_("La signature n’est d’aucune clé connue du cluster, ou le texte signé a changé."))


def beside(release: Path) -> tuple[Path, Path]:
    """Where the approvals of a release and their signature lie: beside its folder, which is never touched."""
    folder = release.resolve()
    return folder.with_name(f"{folder.name}.approvals.json"), folder.with_name(f"{folder.name}.approvals.sig")


def seal(release: Path, approvals: Sequence[Approval], keys: Path) -> Seal:
    """Writes the statement of who approved, and its signature, beside the release. The same approvals and key give the
    same bytes. Raises ``Damaged`` when a file of the release changed, ``SignatureError`` below two approvals."""
    manifest = verify(release)
    if len(approvals) < NEEDED:
        raise SignatureError(
            _("%(release)s : il faut l’approbation de %(needed)s personnes, il y en a %(n)s."),
            release=release.name,
            needed=NEEDED,
            n=len(approvals),
        )
    titles = codelist("approver")
    key = ensure_key(keys)
    statement = {
        "release_id": manifest["release_id"],
        "snapshot_id": manifest["snapshot_id"],
        "manifest_sha256": sha256_of(release / "manifest.json"),
        "approvals": [
            {"role": a.role, "fr": titles.label(a.role, "fr"), "en": titles.label(a.role, "en"), "at": a.at}
            for a in approvals
        ],
        "key": key.id,
    }
    message = (json.dumps(statement, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
    said, signed = beside(release)
    for path, content in ((said, message), (signed, sign(message, keys))):
        made = _beside(path, content)
        made.chmod(0o444)
        made.replace(path)
    return Seal(statement, key)


def unseal(release: Path) -> None:
    """Takes the statement and its signature away: the approvals no longer hold."""
    for path in beside(release):
        path.unlink(missing_ok=True)


def verify_seal(release: Path, keys: Iterable[PublicKey]) -> Seal:
    """The seal of a release after its files, approvals and signature have been checked.

    Raises ``Damaged`` for a changed file, ``SignatureError`` for missing approvals, an unknown or withdrawn key, a
    statement about something else.
    """
    manifest = verify(release)
    said, signed = beside(release)
    if not said.is_file() or not signed.is_file():
        raise SignatureError(
            _("%(release)s : pas encore signée ; il faut l’approbation de %(needed)s personnes."),
            release=release.name,
            needed=NEEDED,
        )
    message = said.read_bytes()
    key = check(message, signed.read_bytes(), keys)
    statement = json.loads(message)
    if statement["release_id"] != manifest["release_id"] or statement["manifest_sha256"] != sha256_of(
        release / "manifest.json"
    ):
        raise SignatureError(_("%(release)s : la signature porte sur une autre publication."), release=release.name)
    if len(statement["approvals"]) < NEEDED:
        raise SignatureError(
            _("%(release)s : il faut l’approbation de %(needed)s personnes, il y en a %(n)s."),
            release=release.name,
            needed=NEEDED,
            n=len(statement["approvals"]),
        )
    if key.until and max(a["at"] for a in statement["approvals"]) > key.until:
        raise SignatureError(
            _("%(release)s : signée par une clé retirée le %(day)s."), release=release.name, day=key.until[:10]
        )
    return Seal(statement, key)


def verify_open_data(data: Path, keys: Iterable[PublicKey]) -> tuple[PublicKey, int]:
    """The key that signed a folder of open data (``SHA256SUMS``), and how many files were found as signed.

    Raises ``SignatureError`` or ``Damaged``, naming the file.
    """
    sums, signed = data / "SHA256SUMS", data / "SHA256SUMS.sig"
    if not sums.is_file() or not signed.is_file():
        raise SignatureError(_("%(path)s : SHA256SUMS ou SHA256SUMS.sig manque."), path=data)
    key = check(sums.read_bytes(), signed.read_bytes(), keys)
    lines = sums.read_text("utf-8").splitlines()
    for line in lines:
        digest, _gap, name = line.partition("  ")
        if not (data / name).is_file():
            raise Damaged(f"{data} : le fichier {name} manque")
        if sha256_of(data / name) != digest:
            raise Damaged(f"{data} : le fichier {name} a changé depuis la signature")
    return key, len(lines)


def _private(keys: Path) -> Any:
    from nacl.signing import SigningKey

    path = keys / PRIVATE
    if path.stat().st_mode & 0o077:
        raise SignatureError(
            _("%(path)s : d’autres que son propriétaire peuvent lire cette clé. Faites : chmod 600 %(path)s"), path=path
        )
    try:
        return SigningKey(base64.b64decode(path.read_bytes(), validate=False))
    except ValueError:
        raise SignatureError(
            _("%(path)s : clé illisible. Remettez la sauvegarde, ou faites-en une autre : danbe release rotate-key"),
            path=path,
        ) from None


def _identified(raw: bytes) -> PublicKey:
    return PublicKey(hashlib.sha256(raw).hexdigest()[:16], raw)


def _listed(keys: Path) -> list[PublicKey]:
    path = keys / PUBLIC
    return read_keys(path) if path.exists() else []


def _list(keys: Path, found: list[PublicKey]) -> None:
    made = _beside(keys / PUBLIC, keys_document(found))
    made.chmod(0o644)
    made.replace(keys / PUBLIC)


def _beside(path: Path, content: bytes) -> Path:
    """A file of ``content`` in the folder of ``path`` (0600), flushed to disk, to be put in its place in one step."""
    handle, name = tempfile.mkstemp(prefix=".making-", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
