"""The versions of the list of violations, and the way between them: 2018–2019, 2020 and the PAF's fifteen risks.

Figures speak the typology of 2020. What an older record cannot say in it («vie» and «intégrité» were one category) is
«non précisé», never guessed. Forced movements and conflict-related sexual violence have units of their own: the first
are counted as movements, the second only as aggregates of the GBV circuit (field brief §0, §1.1, §1.2).
"""

from __future__ import annotations

from danbe.reference.codelists import codelist

CURRENT = "2020"
UNSPECIFIED = "INC"
MOVEMENT, SEXUAL_VIOLENCE = "MVT", "VSLC"
NOT_VIOLATIONS = frozenset({MOVEMENT, SEXUAL_VIOLENCE})

_CATEGORIES = {"2018": "violation_category_v2018", "2020": "violation_category_v2020"}
_KINDS = "violation_subtype_v2018_2019"


def categories(typology: str) -> tuple[str, ...]:
    """The categories of a version; raises ``KeyError`` for an unknown one."""
    return tuple(i.code for i in codelist(_CATEGORIES[typology]).items)


def kinds(category: str) -> tuple[str, ...]:
    """The kinds of violation within a category of 2020."""
    return tuple(i.code for i in codelist(_KINDS).items if i.parent == category)


def in_current(category: str, typology: str, kind: str = "") -> str:
    """The category of 2020 a violation belongs to: by its kind where known, else by the crosswalk of its version."""
    items = codelist(_KINDS).by_code
    if kind in items:
        return items[kind].parent
    if typology == CURRENT:
        return category if category in codelist(_CATEGORIES[CURRENT]) else UNSPECIFIED
    old = codelist(_CATEGORIES[typology]).by_code.get(category)
    return old.parent or UNSPECIFIED if old else UNSPECIFIED


# A kind says the risk better than its category does; the others follow their category.
_RISK_OF_KIND = {
    "INTEG.TOR": "PAF-13", "INTEG.MEN": "PAF-11", "INTEG.EE": "PAF-10", "VIE.EE": "PAF-10", "LIBSEC.TRA": "PAF-14",
    "LIBSEC.SER": "PAF-14", "LIBSEC.MVT": "PAF-15", "LIBSEC.REC": "PAF-07",
}  # fmt: skip


def risk(category: str, kind: str = "") -> str:
    """The PAF risk a violation (category of 2020) speaks of; '' where none follows. Field knowledge, to be validated."""
    if kind in _RISK_OF_KIND:
        return _RISK_OF_KIND[kind]
    item = codelist(_CATEGORIES[CURRENT]).by_code.get(category)
    return item.risks[0] if item and len(item.risks) == 1 else ""
