"""What has to be done every day whether or not anybody works."""

from datetime import timedelta

from app.repositories import housekeeping, papers
from app.repositories.work import Work

MONTHS_AHEAD = 12
# A file without a row is what a paper left that wasn't attached in the end, or one that was erased.
KEPT_FOR = timedelta(days=1)


def keep_house(tx: Work) -> dict[str, int]:
    """Room for the history of the coming year; away with what has outlived its use.

    That is: sessions that ended a day ago, used links, counted attempts to sign in, answers kept
    for a day in case a request was repeated, uploads that nobody committed within a week, drafts of
    a month ago, and files on the shelf that no paper has.
    For the operator.
    """
    return {
        "partitions": housekeeping.make_partitions(tx, months=MONTHS_AHEAD),
        **housekeeping.clean_up(tx),
        "papers": sweep(tx),
    }


def sweep(tx: Work) -> int:
    """Away with files that no paper has; how many. None while somebody attaches one, or a backup
    is being written: there is another night."""
    if not papers.take_shelf(tx):
        return 0
    shelf, before = tx.office.shelf, tx.now - KEPT_FOR
    gone = 0
    for names in shelf.names():
        for digest in papers.unkept(tx, names):
            gone += shelf.drop(digest, before=before)
    return gone + shelf.drop_drafts(before=before)
