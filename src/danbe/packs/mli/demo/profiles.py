"""How the synthetic figures are shaped: where, when, how many, who. Plausible orders of magnitude, not measurements."""

from __future__ import annotations

from danbe.reference.text import search_key

# Share of the response and of the population in need, by region: the crisis lies in the north and the centre.
REGION_WEIGHT = {
    "mopti": 0.30,
    "gao": 0.17,
    "tombouctou": 0.16,
    "menaka": 0.09,
    "segou": 0.13,
    "kidal": 0.05,
    "koulikoro": 0.03,
    "sikasso": 0.03,
    "kayes": 0.03,
    "bamako": 0.04,
}
NEED_SHARE = {
    "mopti": 0.42,
    "gao": 0.45,
    "tombouctou": 0.40,
    "menaka": 0.55,
    "segou": 0.22,
    "kidal": 0.45,
    "koulikoro": 0.07,
    "sikasso": 0.05,
    "kayes": 0.05,
    "bamako": 0.03,
}
DEFAULT_WEIGHT, DEFAULT_NEED = 0.03, 0.06

# Group → weight, where displacement is high and elsewhere.
GROUPS_CRISIS = {"PDI": 0.42, "HOTE": 0.38, "PDIR": 0.12, "RAP": 0.05, "REF": 0.03}
GROUPS_CALM = {"PDI": 0.18, "HOTE": 0.66, "PDIR": 0.06, "RAP": 0.04, "REF": 0.06}

# Access falls in the rains (July to September); plans start slowly; November has the 16 days of activism.
SEASON = (0.62, 0.85, 1.05, 1.12, 1.15, 1.05, 0.82, 0.72, 0.80, 1.05, 1.18, 0.84)

# Persons (or sessions, structures…) a line reports in an ordinary month.
SCALE = {
    "CP-101": 133, "CP-201": 437, "CP-202": 9000, "CP-204": 46, "CP-301": 65, "CP-302": 114, "CP-303": 42,
    "CP-304": 152, "GBV-201": 399, "GBV-202": 133, "GBV-203": 8000, "GBV-301": 17, "GBV-302": 53, "GBV-303": 23,
    "GBV-304": 124, "GBV-305": 171, "PE-201": 361, "PE-202": 72, "PE-301": 285, "PE-303": 27, "PE-304": 13,
    "PE-305": 6, "LAM-201": 608, "LAM-203": 7000, "LAM-301": 8, "LTP-201": 180, "LTP-301": 30, "DOC-201": 285,
    "DOC-301": 162, "DOC-302": 114, "CS-201": 142, "CS-203": 209, "CP-401": 22, "CP-402": 18, "GBV-401": 14,
    "PE-401": 12, "CP-102": 8, "LAM-202": 9, "LAM-302": 3, "DOC-303": 171,
}  # fmt: skip
SCALE_OTHER = 2

_AGES = ("0_5", "6_11", "12_17", "18_59", "60", "inc")
_EVERYONE = (0.15, 0.19, 0.14, 0.43, 0.07, 0.02)
_CHILDREN = (0.24, 0.46, 0.30, 0.0, 0.0, 0.0)
_ADULTS = (0.0, 0.0, 0.0, 0.88, 0.11, 0.01)
_OLDER = (0.0, 0.0, 0.24, 0.68, 0.06, 0.02)


def region_weight(region: str) -> float:
    return REGION_WEIGHT.get(search_key(region), DEFAULT_WEIGHT)


def need_share(region: str) -> float:
    return NEED_SHARE.get(search_key(region), DEFAULT_NEED)


def groups_of(region: str) -> dict[str, float]:
    """Population group → share, for a region."""
    return GROUPS_CRISIS if need_share(region) >= 0.2 else GROUPS_CALM


def scale_of(indicator_id: str) -> int:
    """The ordinary month of a line: persons for most indicators, pieces for the others."""
    return SCALE.get(indicator_id, SCALE_OTHER)


def sex_age_weights(indicator_id: str) -> dict[str, float]:
    """Catalogue column → weight, for the sexes and ages an indicator can reach."""
    female, ages = 0.54, _EVERYONE
    if indicator_id in ("GBV-304", "GBV-305"):
        female, ages = 1.0, _OLDER
    elif indicator_id == "GBV-202":
        female, ages = 0.0, _OLDER
    elif indicator_id in ("PE-301", "PE-303", "PE-304", "PE-305", "DOC-301"):
        female, ages = (0.25 if indicator_id == "PE-305" else 0.5), _CHILDREN
    elif indicator_id.startswith("GBV-3"):
        female, ages = 0.9, _OLDER
    elif indicator_id in ("PE-202", "DOC-302", "CP-204") or indicator_id.startswith("LTP") or "-4" in indicator_id:
        female, ages = 0.46, _ADULTS
    return {
        f"reached_{sex}_{age}": share * weight
        for sex, share in (("f", female), ("m", 1 - female))
        for age, weight in zip(_AGES, ages, strict=True)
        if share * weight > 0
    }
