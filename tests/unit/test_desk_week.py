"""What turns red this week stands by handler, the most urgent first."""

from datetime import date
from typing import Any

from app.services.desks import by_handler


def test_each_handlers_matters_stand_together_the_most_urgent_handler_first() -> None:
    rows: list[dict[str, Any]] = [
        {"number": 1, "holder_name": "李志强", "due_on": date(2018, 9, 27)},
        {"number": 2, "holder_name": "周海燕", "due_on": date(2018, 9, 26)},
        {"number": 3, "holder_name": None, "due_on": date(2018, 9, 28)},
        {"number": 4, "holder_name": "周海燕", "due_on": date(2018, 9, 30)},
        {"number": 5, "holder_name": "李志强", "due_on": date(2018, 9, 25)},
    ]
    assert [row["number"] for row in by_handler(rows)] == [5, 1, 2, 4, 3]
