"""The distance of two points over the ground. Pure."""

from __future__ import annotations

import math


def kilometres(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Near enough for a country (equirectangular)."""
    x = math.radians(lon_b - lon_a) * math.cos(math.radians((lat_a + lat_b) / 2))
    return 6371.0 * math.hypot(x, math.radians(lat_b - lat_a))
