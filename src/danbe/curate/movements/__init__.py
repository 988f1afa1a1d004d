"""Movements inside ``curate``: the chain of states a movement goes through, and what may be worked out of households."""
