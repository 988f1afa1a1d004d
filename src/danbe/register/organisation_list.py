"""Reads a list of organisation names as OCHA's operational-presence work keeps it. Pure.

Columns: Country Code (ISO 3166-1 alpha-3, blank for everywhere), Lookup (a spelling), Canonical Name, Acronym, Type
Code (the humanitarianresponse.info organisation types); others are ignored.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from danbe.reference.text import clean, search_key
from danbe.register.organisations import OrganisationRefused

COLUMNS = ("Country Code", "Lookup", "Canonical Name", "Acronym", "Type Code")
# humanitarianresponse.info organisation types to the cluster's own list (org_type).
TYPES = {
    "431": "AUT",  # academic, research
    "433": "BAIL",
    "434": "GOUV",  # embassy
    "435": "GOUV",
    "437": "ONGI",
    "438": "AUT",  # international organisation other than the UN
    "439": "AUT",  # media
    "440": "GOUV",  # military
    "441": "ONGN",
    "443": "AUT",
    "444": "AUT",  # private sector
    "445": "CRCR",
    "446": "OSC",  # religious
    "447": "UN",
}


@dataclass(frozen=True)
class AliasLine:
    """One spelling and the organisation it means; ``organisation_type`` is a code of org_type or ''."""

    country: str
    lookup: str
    name: str
    acronym: str
    organisation_type: str

    @property
    def canonical(self) -> tuple[str, str]:
        return search_key(self.name), search_key(self.acronym)


def read_alias_list(path: Path) -> list[AliasLine]:
    """The lines of the file that name both a spelling and an organisation. Raises ``OrganisationRefused``."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        missing = [c for c in COLUMNS if c not in (reader.fieldnames or [])]
        if missing:
            raise OrganisationRefused("aliases.columns", file=path.name, columns=", ".join(missing))
        lines = [
            AliasLine(
                clean(row["Country Code"]).upper(),
                clean(row["Lookup"]),
                clean(row["Canonical Name"]),
                clean(row["Acronym"]),
                TYPES.get(clean(row["Type Code"]), ""),
            )
            for row in reader
        ]
    return [line for line in lines if line.lookup and (line.name or line.acronym)]
