"""Encrypted submissions, opened with the key their owner holds (ODK encrypted forms, getodk.github.io/xforms-spec/encryption).

A fresh AES-256 key is wrapped by RSA-OAEP (SHA-256, MGF1 with SHA-256; Enketo wraps with MGF1-SHA-1). Each file is
AES-256-CFB with PKCS#5 padding; its initialisation vector is the MD5 of instance id and key, one byte of it counted up
per file, media first and in order, the submission last. A signature over the names and MD5 of all says nothing was
exchanged. The private key is given for one export and kept nowhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms

from danbe.collect.forms.answers import encrypted_names, read_envelope
from danbe.collect.forms.xml import Element, child, names, text_of

try:  # newer versions of cryptography keep CFB apart, as a mode not to choose for new designs
    from cryptography.hazmat.decrepit.ciphers.modes import CFB
except ImportError:  # pragma: no cover
    from cryptography.hazmat.primitives.ciphers.modes import CFB


class CannotDecrypt(ValueError):
    """A wrong key, a missing or an altered file; the message says which."""


@dataclass(frozen=True)
class Opened:
    """The submission's XML and its files by the names they had on the phone. ``signed``: the signature holds."""

    xml: bytes
    files: dict[str, bytes]
    signed: bool


def read_key(pem: bytes, password: str = "") -> rsa.RSAPrivateKey:
    """Raises ``CannotDecrypt``."""
    try:
        key = serialization.load_pem_private_key(pem, password.encode() or None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CannotDecrypt(str(error)) from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise CannotDecrypt("not an RSA key")
    return key


def open_submission(manifest: bytes, file: Callable[[str], bytes | None], key: rsa.RSAPrivateKey) -> Opened:
    """Opens what a phone sent: ``manifest`` is the XML it posted, ``file`` gives an attachment by its name.

    Raises ``CannotDecrypt``.
    """
    read = read_envelope(manifest)
    wrapped, signature = _inside(read.root, "base64EncryptedKey"), _inside(read.root, "base64EncryptedElementSignature")
    secret = _unwrap(key, wrapped)
    vectors = _Vectors(read.instance_id, secret)
    files: dict[str, bytes] = {}
    for name in encrypted_names(read.root):
        content = file(name)
        vector = vectors.next()
        if content is None:
            raise CannotDecrypt(f"{name} is missing")
        files[name.removesuffix(".enc")] = _decrypt(content, secret, vector, name)
    if not files:
        raise CannotDecrypt("the submission names no encrypted file")
    told = [read.form_id, *([read.version] if read.version else []), wrapped, read.instance_id]
    told += [f"{name}::{hashlib.md5(content, usedforsecurity=False).hexdigest()}" for name, content in files.items()]
    signed = _unwrap(key, signature) == hashlib.md5(("\n".join(told) + "\n").encode(), usedforsecurity=False).digest()
    return Opened(files.pop(list(files)[-1]), files, signed)


def _inside(root: Element, name: str) -> str:
    found = text_of(child(root, name))
    if not found:
        raise CannotDecrypt(f"no {name}; found {', '.join(e.tag for e in names(root))[:200]}")
    return found


def _unwrap(key: rsa.RSAPrivateKey, wrapped: str) -> bytes:
    try:
        content = base64.b64decode(wrapped)
    except binascii.Error as error:
        raise CannotDecrypt(str(error)) from None
    for mgf in (hashes.SHA256(), hashes.SHA1()):  # noqa: S303  (what the client used, not what we choose)
        try:
            return key.decrypt(content, padding.OAEP(padding.MGF1(mgf), hashes.SHA256(), None))
        except ValueError:
            continue
    raise CannotDecrypt("the key of the submission was made for another key")


class _Vectors:
    def __init__(self, instance_id: str, secret: bytes) -> None:
        self.seed = bytearray(hashlib.md5(instance_id.encode() + secret, usedforsecurity=False).digest())
        self.count = 0

    def next(self) -> bytes:
        place = self.count % len(self.seed)
        self.seed[place] = (self.seed[place] + 1) % 256
        self.count += 1
        return bytes(self.seed)


def _decrypt(content: bytes, secret: bytes, vector: bytes, name: str) -> bytes:
    plain = Cipher(algorithms.AES(secret), CFB(vector)).decryptor().update(content)
    pad = plain[-1] if plain else 0
    if not 1 <= pad <= 16 or plain[-pad:] != bytes([pad]) * pad:
        raise CannotDecrypt(f"{name} was altered")
    return plain[:-pad]
