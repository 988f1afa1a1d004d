"""Small-count rounding: a free cube in which every small inner count became 0 or the base, and everything still adds up.

For those who want to cross whatever they like. One cube, visibly labelled, never beside exact values of the same cells
(Langsrud & Heldal 2018, *An Algorithm for Small Count Rounding of Tabular Data*, Privacy in Statistical Databases).
"""

from danbe.protect.rounding.beside import exact_cells_of_release, refuse_beside_exact
from danbe.protect.rounding.cube import Axis, BadCube, Cube, every_margin
from danbe.protect.rounding.result import MARKER, Deviations, RoundedCube, round_cube

__all__ = [
    "MARKER",
    "Axis",
    "BadCube",
    "Cube",
    "Deviations",
    "RoundedCube",
    "every_margin",
    "exact_cells_of_release",
    "refuse_beside_exact",
    "round_cube",
]
