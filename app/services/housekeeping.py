"""What has to be done every day whether or not anybody works."""

from app.repositories import housekeeping
from app.repositories.work import Work

MONTHS_AHEAD = 12


def keep_house(tx: Work) -> dict[str, int]:
    """Room for the history of the coming year; away with what has outlived its use.

    That is: sessions that ended a day ago, used links, counted attempts to sign in, answers kept
    for a day in case a request was repeated, and uploads that nobody committed within a week.
    For the operator.
    """
    return {
        "partitions": housekeeping.make_partitions(tx, months=MONTHS_AHEAD),
        **housekeeping.clean_up(tx),
    }
