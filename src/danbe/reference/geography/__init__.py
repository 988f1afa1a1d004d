"""Administrative units in dated divisions, the crosswalk between them, and the matching of places met in files.

Pure: units come in as plain values, from the bundled pack or from the register.
"""

from danbe.reference.geography.gazetteer import Gazetteer
from danbe.reference.geography.match import CERTAIN, DOUBTFUL, PlaceMatch
from danbe.reference.geography.matching import PlaceMatcher
from danbe.reference.geography.units import UNVERIFIED, Alias, Link, Unit

__all__ = ["CERTAIN", "DOUBTFUL", "UNVERIFIED", "Alias", "Gazetteer", "Link", "PlaceMatch", "PlaceMatcher", "Unit"]
