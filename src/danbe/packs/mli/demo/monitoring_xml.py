"""A filled form as a phone sends it: the XML instance of a form of the pack, and who sent it when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from uuid import UUID
from xml.sax.saxutils import escape

from danbe.packs.mli.forms import PackForm


@dataclass(frozen=True)
class Reported:
    """One submission. ``monitor`` is a number; ``review`` the state its reviewer gave it on ``reviewed_on``."""

    form_id: str
    instance_id: str
    xml: bytes
    received_on: date
    monitor: int
    review: str
    reviewed_on: date

    def again(self, instance_id: str, later: timedelta, monitor: int) -> Reported:
        """The same answers sent by someone else under another identity, not yet reviewed."""
        xml = self.xml.replace(self.instance_id.encode(), instance_id.encode())
        return replace(self, instance_id=instance_id, xml=xml, received_on=self.received_on + later, monitor=monitor, review="received")  # fmt: skip


def instance(form: PackForm, name: str, answers: Mapping[str, object], sent: date, monitor: int, review: str, rng: Random) -> Reported:  # fmt: skip
    """The submission of ``answers`` (groups as mappings, repeats as lists of mappings) to ``form``."""
    identity = f"uuid:{UUID(int=rng.getrandbits(128), version=4)}"
    body = "".join(_element(k, v) for k, v in answers.items())
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?><data id="{form.form_id}" version="{form.version}">{body}'
        f"<meta><instanceID>{identity}</instanceID></meta></data>"
    )
    reviewed = sent + timedelta(days=rng.randint(1, 12))
    return Reported(form.form_id, identity, xml.encode(), sent, monitor, review, reviewed)


def _element(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_element(name, row) for row in value)
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(_element(k, v) for k, v in value.items())}</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>"
