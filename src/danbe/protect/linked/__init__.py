"""Linked cell suppression: all cells of all tables of a release as one system, each hidden one proved ambiguous.

A reader knows every published cell, every sum the tables obey, and the band of each hidden count. A small count is
safe when a second set of whole counts exists that fits all of that and differs there: its *witness*.
"""

from danbe.protect.linked.suppression import Protection, Unprotectable, suppress
from danbe.protect.linked.system import LinkedSystem, NotClosed, build

__all__ = ["LinkedSystem", "NotClosed", "Protection", "Unprotectable", "build", "suppress"]
