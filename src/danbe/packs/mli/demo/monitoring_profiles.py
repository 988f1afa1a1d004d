"""How the synthetic incidents are shaped: categories, kinds, sizes, victims. Orders of magnitude, not measurements."""

from __future__ import annotations

from random import Random

# Shares of the categories in months of which no source gives them (the published months of 2022, rounded).
CATEGORY_SHARE = {"PROP": 0.45, "INTEG": 0.24, "LIBSEC": 0.15, "VIE": 0.14, "SERV": 0.02}
LETHAL = ("VIE", "INTEG")
KINDS: dict[str, dict[str, int]] = {
    "PROP": {"PROP.BET": 34, "PROP.PIL": 18, "PROP.BRA": 18, "PROP.EXT": 12, "PROP.INC": 8, "PROP.TAX": 6, "PROP.DEG": 4},
    "INTEG": {"INTEG.CB": 45, "INTEG.MEN": 38, "INTEG.TOR": 11, "INTEG.EE": 6},
    "LIBSEC": {"LIBSEC.ENL": 48, "LIBSEC.ARR": 15, "LIBSEC.MVT": 20, "LIBSEC.SEQ": 9, "LIBSEC.DIS": 5, "LIBSEC.OTA": 3},
    "VIE": {"VIE.MEU": 62, "VIE.ASS": 32, "VIE.EE": 6},
    "SERV": {"SERV.EDU": 40, "SERV.SAN": 25, "SERV.EAU": 25, "SERV.HUM": 10},
}  # fmt: skip
# Violations of one incident: an attack on a village is many.
SIZES = {1: 8, 2: 10, 4: 14, 6: 16, 9: 20, 13: 18, 18: 14}
STATUS = {"NDEP": 46, "HOTE": 26, "PDI": 20, "PDIR": 4, "INC": 4}
# A few regions see most (Mopti half of 2021's violations, UNHCR factsheet December 2021).
REGION_WEIGHT = {
    "mopti": 0.50, "gao": 0.12, "tombouctou": 0.12, "segou": 0.12, "menaka": 0.08, "kidal": 0.02, "sikasso": 0.02,
    "koulikoro": 0.02,
}  # fmt: skip


def draw_victims(category: str, rng: Random) -> tuple[int, int, int]:
    """(victims, killed, injured) of one violation."""
    count = min(60, max(1, round(rng.lognormvariate(0.6, 0.9))))
    if category == "VIE":
        count = min(count, 8)
        return count, count, 0
    if category == "INTEG":
        return count, 0, sum(rng.random() < 0.5 for _ in range(count))
    return count, 0, 0


def grades(rng: Random) -> tuple[str, str]:
    """Reliability of the source and credibility of the information."""
    return rng.choices("ABCDF", (15, 45, 25, 5, 10))[0], rng.choices("12346", (20, 45, 22, 4, 9))[0]
