"""HTTP authentication of phones: Digest (RFC 7616; the MD5 of RFC 2617 is what Android clients speak) and Basic.

Nonces are ours and carry their hour under a signature: nothing is kept between requests, so any process may answer.
Digest keeps the secret off the wire over plain http; it does not hide what is sent, which only https does.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass

REALM = "Danbe"
# A phone on a slow line may take minutes between the challenge and the last post.
NONCE_SECONDS = 3600
_PAIR = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def ha1(username: str, secret: str) -> str:
    """What is kept of a secret for Digest: H(username:realm:password)."""
    return md5(f"{username}:{REALM}:{secret}")


def new_nonce(key: str, now: float | None = None) -> str:
    """A nonce of this hour: when, a random part, and their signature under ``key``."""
    body = f"{int(time.time() if now is None else now):x}.{secrets.token_hex(8)}"
    return f"{body}.{_sign(body, key)}"


def nonce_state(nonce: str, key: str, now: float | None = None) -> str:
    """'good', 'stale' (ours, too old) or 'forged'."""
    body, _, signature = nonce.rpartition(".")
    if not body or not hmac.compare_digest(signature.encode(), _sign(body, key).encode()):
        return "forged"
    made = int(body.split(".")[0], 16)
    age = (time.time() if now is None else now) - made
    return "good" if -60 <= age <= NONCE_SECONDS else "stale"


def _sign(body: str, key: str) -> str:
    return hmac.new(key.encode(), b"digest nonce " + body.encode(), hashlib.sha256).hexdigest()[:32]


def challenge(key: str, *, basic: bool, stale: bool = False) -> str:
    """The WWW-Authenticate header: Digest always, Basic only where the line is encrypted (``basic``)."""
    digest = f'Digest realm="{REALM}", qop="auth", nonce="{new_nonce(key)}", opaque="{md5(REALM)}", algorithm=MD5'
    if stale:
        digest += ", stale=true"
    return f'{digest}, Basic realm="{REALM}", charset="UTF-8"' if basic else digest


@dataclass(frozen=True)
class DigestAnswer:
    """What a client sent back."""

    username: str
    realm: str
    nonce: str
    uri: str
    response: str
    qop: str
    nc: str
    cnonce: str
    algorithm: str

    def matches(self, stored_ha1: str, method: str) -> bool:
        """Whether the response is that of someone who knows the secret behind ``stored_ha1``."""
        ha2 = md5(f"{method}:{self.uri}")
        middle = f"{self.nonce}:{self.nc}:{self.cnonce}:{self.qop}" if self.qop else self.nonce
        return hmac.compare_digest(md5(f"{stored_ha1}:{middle}:{ha2}").encode(), self.response.lower().encode())


def read_digest(header: str) -> DigestAnswer | None:
    """The parts of an Authorization header; None for what is no Digest answer of the kind we asked for."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "digest":
        return None
    found = {m[1].lower(): re.sub(r"\\(.)", r"\1", m[2]) if m[2] is not None else m[3] for m in _PAIR.finditer(rest)}
    if not all(found.get(name) for name in ("username", "nonce", "uri", "response")):
        return None
    answer = DigestAnswer(
        **{
            name: found.get(name, "")
            for name in ("username", "realm", "nonce", "uri", "response", "qop", "nc", "cnonce")
        },
        algorithm=found.get("algorithm", "MD5"),
    )
    good = answer.realm == REALM and answer.algorithm.upper() == "MD5" and answer.qop in ("", "auth")
    return answer if good and (not answer.qop or (answer.nc and answer.cnonce)) else None


def read_basic(header: str) -> tuple[str, str] | None:
    """(username, password) of a Basic header."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        username, colon, password = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except ValueError:  # not base64, or not UTF-8 underneath
        return None
    return (username, password) if colon else None
