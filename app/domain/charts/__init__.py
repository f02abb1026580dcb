"""Charts as SVG: pure functions from numbers to markup.

Each answers one question; labels stand at what they name, no legend, nothing moves. Colours are
classes of `figures.css` (f-* areas, l-* lines, k-* labels), never the only thing that tells two
marks apart. Texts come in the reader's language. A chart of nothing is no picture: the page says
so. All are drawn wide, or narrow for a phone (`both`).
"""

from app.domain.charts.bars import bars, horizontal_bars, stacked_bars
from app.domain.charts.flow import Stream, flow
from app.domain.charts.lines import lines
from app.domain.charts.marks import Bar, Line, Number, Part, Point
from app.domain.charts.paper import both
from app.domain.charts.tiles import tiles

__all__ = [
    "Bar",
    "Line",
    "Number",
    "Part",
    "Point",
    "Stream",
    "bars",
    "both",
    "flow",
    "horizontal_bars",
    "lines",
    "stacked_bars",
    "tiles",
]
