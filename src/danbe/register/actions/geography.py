"""Writes of places: the country pack, official files, aliases a person confirmed, places not yet verified."""

from __future__ import annotations
