"""Maps as inline SVG: a choropleth of administrative units, and the class breaks it uses. Pure."""

from danbe.ui.maps.breaks import class_breaks
from danbe.ui.maps.choropleth import choropleth

__all__ = ["choropleth", "class_breaks"]
