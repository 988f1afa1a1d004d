"""The one formula by which Danbe says that a figure rose or fell.

Two formulas stood side by side in earlier publications (a true change and a symmetric difference), and small bases
gave changes of a thousand percent. Hence one function, and no percentage under a base of 30 (field practice).
"""

from __future__ import annotations

SMALLEST_BASE = 30


def change(value: float | None, previous: float | None) -> float | None:
    """(value − previous) / previous as a ratio; ``None`` where either is missing or the base is below 30."""
    if value is None or previous is None or previous < SMALLEST_BASE:
        return None
    return (value - previous) / previous
