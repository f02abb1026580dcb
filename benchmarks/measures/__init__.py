"""What is measured, by name; each on a loaded district with both sides serving it."""

from collections.abc import Callable, Iterator, Mapping

from benchmarks.measures import approving, export, figures, importing, logging, reading
from benchmarks.measures.rounds import Bed
from benchmarks.results import Result

MEASURES: Mapping[str, Callable[[Bed], Iterator[Result]]] = {
    "worklist": reading.worklist,
    "filtered": reading.filtered,
    "matter": reading.matter,
    "log": logging.log_lead,
    "approve": approving.approve,
    "export": export.export,
    "figures": figures.figures,
    "lists": figures.lists,
    "import": importing.import_leads,
}
