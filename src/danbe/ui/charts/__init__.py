"""Charts as inline SVG: pure functions, the same bytes for the same input, legible at 360 px, words in the language.

Every function returns one SVG element with ``role="img"``, a title and a description. None means missing («n.d.»),
``danbe.ui.PROTECTED`` means withheld («protégé»); neither is ever drawn as zero.
"""

from danbe.ui.charts.bars import bars, pyramid
from danbe.ui.charts.bullets import bullets
from danbe.ui.charts.columns import monthly_columns, sparkline
from danbe.ui.charts.svg import png

__all__ = ["bars", "bullets", "monthly_columns", "png", "pyramid", "sparkline"]
