"""The QR code that sets up ODK Collect or KoboCollect: settings as JSON, compressed, in base64, in one picture."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import segno


def app_settings(server_url: str, project: str) -> str:
    """What the phone reads: the server's address (its token inside), forms kept in step with ours, sent when it can."""
    settings: dict[str, Any] = {
        "general": {
            "protocol": "odk_default",
            "server_url": server_url,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
        },
        "project": {"name": project, "icon": "D", "color": "#0f5d66"},
        "admin": {},
    }
    text = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def read_settings(code: str) -> dict[str, Any]:
    """The settings back from the code, as a phone reads them."""
    return dict(json.loads(zlib.decompress(base64.b64decode(code))))


def picture(text: str) -> str:
    """The code as a data address of an SVG, black on white whatever the page's colours."""
    return str(segno.make(text, error="m").svg_data_uri(scale=4, border=4, light="#fff"))
