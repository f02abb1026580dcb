"""What is measured, by name; each on a loaded district with both sides serving it."""

from collections.abc import Callable, Iterator, Mapping

from benchmarks.measures import (
    approving,
    export,
    figures,
    importing,
    logging,
    pages,
    policies,
    reading,
)
from benchmarks.measures.rounds import Bed
from benchmarks.results import Result

MEASURES: Mapping[str, Callable[[Bed], Iterator[Result]]] = {
    # What counts goes first, on the district as it was loaded: writes leave one deputy thousands
    # of requests, which no deputy has.
    "pages": pages.pages,
    "figures": figures.figures,
    "lists": figures.lists,
    "search": figures.search,
    "worklist": reading.worklist,
    "filtered": reading.filtered,
    "matter": reading.matter,
    "export": export.export,
    "log": logging.log_lead,
    "approve": approving.approve,
    "import": importing.import_leads,
    "policies": policies.policies,  # last: its walls and people stay
}
