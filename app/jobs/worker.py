"""The worker: takes jobs from the queue each second, and gives back what a dead worker held."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
import sqlalchemy as sa
from procrastinate import App
from procrastinate.exceptions import ProcrastinateException

from app.core import queue
from app.core.log import logger
from app.domain.errors import PlumblineError
from app.jobs import tasks
from app.services import webhook_sending
from app.services.instance import Instance

POLL = 1.0  # seconds
HEARTBEAT = 5.0
SILENT = 30  # seconds without a heartbeat after which a worker counts as dead
LOOK_FOR_SILENT = 10.0
MOST_ATTEMPTS = 10
AT_ONCE = 4  # jobs of a worker: one waits for a slow receiver while others are done
PATIENCE = 5.0  # seconds for jobs under way when it stops
PAUSE = 5.0  # after the database went away
LAST_WAIT = 20.0  # seconds that the thread is waited for at the end

_AWAY = (ProcrastinateException, psycopg.Error, sa.exc.DBAPIError, PlumblineError, OSError)


def run_until_stopped(instance: Instance) -> None:
    """In this process until Ctrl-C or SIGTERM. Raises where the operator can't sign in."""
    with instance.acting():
        pass
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    asyncio.run(_work(instance, stop))


def is_alive(instance: Instance) -> bool:
    """Whether any worker on this database has given a sign of life lately."""
    with instance.office.work(None, use_case="jobs.alive") as tx:
        return queue.has_worker(tx, silent_seconds=SILENT)


@contextmanager
def beside(instance: Instance) -> Iterator[None]:
    """On a thread of its own while the block runs."""
    stop = threading.Event()
    # A thread that hangs on a dead database doesn't keep the process: its jobs are done again.
    thread = threading.Thread(
        target=lambda: asyncio.run(_work(instance, stop)), name="jobs", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(LAST_WAIT)


async def _work(instance: Instance, stop: threading.Event) -> None:
    """Until asked to stop; a database that went away is tried again."""
    logger().info("jobs_started")
    while not stop.is_set():
        try:
            app = tasks.make_app(instance)
            async with app.open_async():
                await _work_connected(app, instance, stop)
        except _AWAY as error:
            logger().error("jobs_interrupted", error=type(error).__name__)
            await _stopped(stop, PAUSE)
    logger().info("jobs_stopped")


async def _work_connected(app: App, instance: Instance, stop: threading.Event) -> None:
    await asyncio.to_thread(_begin, instance)
    work = asyncio.create_task(
        app.run_worker_async(
            queues=[queue.NAME],
            concurrency=AT_ONCE,
            install_signal_handlers=False,
            listen_notify=False,
            fetch_job_polling_interval=POLL,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=SILENT,
            shutdown_graceful_timeout=PATIENCE,
            delete_jobs="successful",
        )
    )
    again = asyncio.create_task(_keep_looking(instance))
    asked = asyncio.create_task(_stopped(stop))
    try:
        await asyncio.wait({work, again, asked}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (asked, again, work):
            task.cancel()
        for task in (asked, again, work):
            with suppress(asyncio.CancelledError):
                await task


def _begin(instance: Instance) -> None:
    # Also at each start: a machine that is off at night never meets the hour.
    with instance.office.work(None, use_case="jobs.start") as tx:
        queue.defer(tx, tasks.HOUSEKEEPING)


async def _keep_looking(instance: Instance) -> None:
    while True:
        await asyncio.to_thread(_look_around, instance)
        await asyncio.sleep(LOOK_FOR_SILENT)


def _look_around(instance: Instance) -> None:
    with instance.office.work(None, use_case="jobs.retry_stalled") as tx:
        count = queue.retry_stalled(tx, silent_seconds=SILENT, most_attempts=MOST_ATTEMPTS)
        if webhook_sending.are_live(tx) and not queue.is_waiting(tx, webhook_sending.LOOK):
            queue.defer(tx, webhook_sending.LOOK)
    if count:
        logger().warning("jobs_taken_from_the_dead", count=count)


async def _stopped(stop: threading.Event, seconds: float | None = None) -> None:
    """Until it is set, or for so long."""
    loop = asyncio.get_running_loop()
    until = None if seconds is None else loop.time() + seconds
    while not stop.is_set() and (until is None or loop.time() < until):
        await asyncio.sleep(0.2)
