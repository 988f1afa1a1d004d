"""The best one-to-one pairing of headers and columns (Kuhn 1955, the Hungarian method)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def assign(gains: Sequence[Mapping[str, float]]) -> list[str | None]:
    """For each item the option given to it, or ``None``; no option is given twice, and the sum of gains is the largest.

    ``gains[i]`` maps the options of item ``i`` to what choosing them is worth (above 0). Cost grows with the cube of
    the items that have options at all; a sheet has some dozens.
    """
    items = [i for i, g in enumerate(gains) if g]
    options = sorted({o for g in gains for o in g})
    result: list[str | None] = [None] * len(gains)
    if not items:
        return result
    # One private «nothing» per item lets it go without, at no gain.
    n, m = len(items), len(options) + len(items)
    at = {o: j for j, o in enumerate(options)}
    forbidden = 1e6
    cost = [[forbidden] * m for _ in items]
    for row, item in enumerate(items):
        for option, gain in gains[item].items():
            cost[row][at[option]] = -gain
        cost[row][len(options) + row] = 0.0
    for row, column in enumerate(_hungarian(cost, n, m)):
        if column < len(options):
            result[items[row]] = options[column]
    return result


def _hungarian(cost: list[list[float]], n: int, m: int) -> list[int]:
    """The column given to each row at the least total cost, n ≤ m: shortest augmenting paths with potentials."""
    infinity = float("inf")
    u, v = [0.0] * (n + 1), [0.0] * (m + 1)
    row_of, way = [0] * (m + 1), [0] * (m + 1)
    for i in range(1, n + 1):
        row_of[0] = i
        j0 = 0
        least, used = [infinity] * (m + 1), [False] * (m + 1)
        while row_of[j0]:
            used[j0] = True
            i0, delta, j1 = row_of[j0], infinity, 0
            costs, potential = cost[i0 - 1], u[i0]
            for j in range(1, m + 1):
                if used[j]:
                    continue
                reduced = costs[j - 1] - potential - v[j]
                if reduced < least[j]:
                    least[j], way[j] = reduced, j0
                if least[j] < delta:
                    delta, j1 = least[j], j
            for j in range(m + 1):
                if used[j]:
                    u[row_of[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            j0 = j1
        while j0:
            row_of[j0], j0 = row_of[way[j0]], way[j0]
    found = [0] * n
    for j in range(1, m + 1):
        if row_of[j]:
            found[row_of[j] - 1] = j - 1
    return found
