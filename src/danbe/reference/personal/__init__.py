"""Personal data in free text: what in a narrative could name or locate a person. The one detector of the house.

A narrative is looked over before it is kept, an editorial text before it leaves, a column before it is published.
What a detector must know of a country lies in its pack («personal.json»).
"""

from danbe.reference.personal.coordinates import Box, country_box, find_coordinates
from danbe.reference.personal.detect import DAY, KINDS, Finding, count, detect

__all__ = ["DAY", "KINDS", "Box", "Finding", "count", "country_box", "detect", "find_coordinates"]
