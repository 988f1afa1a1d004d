"""From what a person uploads (XLSForm or XForm) to an XForm a phone opens, checked by those who know.

pyxform converts; ODK Validate, which its wheel brings, checks the result where Java is present. Their messages are
shown as they say them. Nothing here touches the database.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from danbe.collect.forms.schema import XForm, read_xform
from danbe.collect.forms.xml import MAX_FORM_BYTES, BadXML, child, parse
from danbe.collect.messages import FormRefused, WorkbookRefused
from danbe.collect.workbooks.guards import kind_of

SECONDS = 180
_ENDINGS = {"xlsx": ".xlsx", "xls": ".xls", "text": ".csv"}


@dataclass(frozen=True)
class Converted:
    """An XForm ready to be kept: its bytes, what it is, what was remarked, and ``itemsets.csv`` if it needs one."""

    xform: bytes
    read: XForm
    warnings: list[str] = field(default_factory=list)
    checked_by: str = ""
    itemsets: bytes | None = None


def java_present() -> bool:
    """Whether ODK Validate can run here."""
    return shutil.which("java") is not None


def convert(path: Path, filename: str, *, version_if_missing: str = "") -> Converted:
    """Raises ``FormRefused`` with pyxform's or ODK Validate's message, and for what is no form at all.

    A form without a version is given ``version_if_missing``: phones tell versions apart by it.
    """
    start = path.open("rb").read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    itemsets = None
    warnings: list[str] = []
    if start.startswith(b"<"):
        if path.stat().st_size > MAX_FORM_BYTES:
            raise FormRefused("form.size", file=filename, limit=MAX_FORM_BYTES // 1024**2)
        xform, checked = path.read_bytes(), []
    else:
        xform, warnings, itemsets = _from_workbook(path, filename)
        checked = ["pyxform"]
    try:
        read = read_xform(xform)
        if not read.version and version_if_missing:
            xform = _with_version(xform, version_if_missing)
            read = read_xform(xform)
    except BadXML as error:
        raise FormRefused("form.xform", file=filename, why=str(error)) from None
    if java_present():
        warnings += validate(xform, filename)
        checked.append("ODK Validate")
    return Converted(xform, read, [_clean(w) for w in warnings], ", ".join(checked), itemsets)


def _from_workbook(path: Path, filename: str) -> tuple[bytes, list[str], bytes | None]:
    try:
        kind = kind_of(path, filename)
    except WorkbookRefused as refused:
        raise FormRefused("form.file", file=filename, why=refused.fr) from None
    if kind not in _ENDINGS:
        raise FormRefused("form.kind", file=filename)
    with tempfile.TemporaryDirectory() as folder:
        # pyxform names a form without settings after its file.
        stem = "".join(c if c.isalnum() or c in "-_" else "_" for c in Path(filename).stem)[:80] or "formulaire"
        copy = Path(folder) / (stem + _ENDINGS[kind])
        shutil.copyfile(path, copy)
        command = [sys.executable, "-m", "danbe.collect.forms.isolated", str(copy)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise FormRefused("form.time", file=filename, limit=SECONDS) from None
    if done.returncode != 0 or not done.stdout:
        raise FormRefused("form.memory", file=filename)
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise FormRefused("form.pyxform", file=filename, why=_clean(answer["error"]))
    sets = answer["itemsets"]
    return answer["xform"].encode(), answer["warnings"], sets.encode() if isinstance(sets, str) and sets else None


def validate(xform: bytes, filename: str) -> list[str]:
    """What ODK Validate remarks. Raises ``FormRefused`` with its message for a form that does not open."""
    from pyxform.validators.odk_validate import ODKValidateError, check_xform

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xml"
        path.write_bytes(xform)
        try:
            return list(check_xform(str(path)))
        except ODKValidateError as error:
            raise FormRefused("form.validate", file=filename, why=_clean(str(error))) from None


def _with_version(xform: bytes, version: str) -> bytes:
    html = parse(xform, MAX_FORM_BYTES)
    instance = child(child(child(html, "head"), "model"), "instance")
    assert instance is not None, "read_xform found it"
    next(iter(instance)).set("version", version)
    return bytes(etree.tostring(html, xml_declaration=True, encoding="utf-8"))


def _clean(text: str) -> str:
    """A tool's message without its own headings and blank lines."""
    lines = [line.strip() for line in text.splitlines()]
    return "\n".join(line for line in lines if line and line not in ("ODK Validate Errors:", "ODK Validate Warnings:"))
