"""What can be deferred, by name. Each calls one service, as the operator, in a session of its own.

A job may run twice (its worker may die after the work and before the tick), so each must stand it.
"""

import logging
import time
from collections.abc import Callable, Mapping

from procrastinate import App, PsycopgConnector, RetryStrategy
from psycopg.conninfo import make_conninfo

from app.core import db, queue
from app.core.log import logger
from app.services import webhook_sending
from app.services.housekeeping import keep_house
from app.services.instance import Instance

HOUSEKEEPING = "housekeeping"

# Within one transaction of the operator's.
TASKS: Mapping[str, Callable[..., object]] = {HOUSEKEEPING: keep_house}
# With transactions of their own, since they do something in between that takes its time.
BETWEEN: Mapping[str, Callable[..., object]] = {
    webhook_sending.LOOK: lambda instance, session: webhook_sending.look_for_changes(
        instance.office, session
    ),
    webhook_sending.SEND: lambda instance, session, webhook: webhook_sending.send(
        instance.office, session, webhook, inside=instance.settings.webhooks_inside
    ),
}
# By the machine's clock in UTC: the small hours in China.
DAILY: Mapping[str, str] = {HOUSEKEEPING: "17 19 * * *"}

_PATIENCE = 5.0  # seconds for a connection: with the default a dead database is left in minutes
_RETRY = RetryStrategy(max_attempts=5, exponential_wait=4)


def make_app(instance: Instance) -> App:
    """procrastinate's application on this installation's database, with every task."""
    # Its log lines and tracebacks hold arguments; ours hold a job's name and a class. That a
    # database is away is said once, not at each attempt.
    for library in ("procrastinate", "psycopg.pool"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    conninfo = make_conninfo(
        db.conninfo(instance.office.engine.url),
        options=f"-c search_path={queue.SCHEMA}",
        application_name="plumbline-jobs",
    )
    connector = PsycopgConnector(conninfo=conninfo, min_size=1, max_size=3, timeout=_PATIENCE)
    app = App(connector=connector)
    for name, service in {**TASKS, **BETWEEN}.items():
        task = app.task(name=name, queue=queue.NAME, retry=_RETRY)(_doing(instance, name, service))
        if name in DAILY:
            app.periodic(cron=DAILY[name], queueing_lock=name)(task)
    return app


def _doing(instance: Instance, name: str, service: Callable[..., object]) -> Callable[..., None]:
    def do(timestamp: int | None = None, **ids: int | str) -> None:  # noqa: ARG001
        began = time.perf_counter()
        try:
            with instance.acting() as session:
                if name in BETWEEN:
                    service(instance, session, **ids)
                else:
                    with instance.office.work(session, use_case=f"jobs.{name}") as tx:
                        service(tx, **ids)
        except Exception as error:
            logger().error("job_failed", job=name, error=type(error).__name__)
            raise
        milliseconds = round((time.perf_counter() - began) * 1000, 1)
        logger().info("job_done", job=name, milliseconds=milliseconds)

    return do
