"""Jobs in the database: a queue in a schema of its own, and what the daily housekeeping may do

Revision ID: 0004
Revises: 0003
"""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0004_jobs.sql"

# Every NOTIFY takes one lock of the whole cluster at commit: workers poll each second instead.
NOTIFYING = (
    ("procrastinate_jobs_notify_queue_job_inserted_v1", "notify_queue_job_inserted_v1"),
    ("procrastinate_jobs_notify_queue_job_aborted_v1", "notify_queue_abort_job_v1"),
)

# Whoever defers a job stands in another schema, in the midst of a transaction.
OWN_PATH = """
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'jobs'::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = jobs, pg_temp', f);
  END LOOP;
END $$
"""

# One statement, so that two workers that look at the same moment don't both hand a job out again.
RETRY_STALLED = """
CREATE FUNCTION jobs.retry_stalled(silent interval, most_attempts integer) RETURNS integer
  LANGUAGE sql VOLATILE SET search_path = jobs, pg_temp AS $$
  WITH again AS (
    UPDATE procrastinate_jobs j
       SET attempts = j.attempts + 1, worker_id = NULL,
           status = CASE WHEN j.attempts + 1 >= most_attempts THEN 'failed' ELSE 'todo' END
                    ::procrastinate_job_status
     WHERE j.status = 'doing' AND (j.worker_id IS NULL OR EXISTS (
             SELECT 1 FROM procrastinate_workers w
              WHERE w.id = j.worker_id AND w.last_heartbeat < now() - silent))
    RETURNING 1)
  SELECT count(*)::integer FROM again
$$
"""

CLEAN_UP = """
CREATE FUNCTION guard.clean_up() RETURNS jsonb
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  sessions_ integer;
  links_ integer;
  attempts_ integer;
  answers_ integer;
  uploads_ integer;
BEGIN
  IF NOT guard.holds('{operator}') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only the operator keeps house';
  END IF;
  DELETE FROM session WHERE coalesce(ended_at, expires_at) < now() - interval '1 day';
  GET DIAGNOSTICS sessions_ = ROW_COUNT;
  DELETE FROM password_link WHERE coalesce(used_at, expires_at) < now() - interval '30 days';
  GET DIAGNOSTICS links_ = ROW_COUNT;
  DELETE FROM sign_in_attempt WHERE at < now() - interval '1 day';
  GET DIAGNOSTICS attempts_ = ROW_COUNT;
  DELETE FROM idempotent_answer WHERE recorded_at < now() - interval '24 hours';
  GET DIAGNOSTICS answers_ = ROW_COUNT;
  UPDATE import_batch SET uploaded = NULL
   WHERE committed_at IS NULL AND uploaded IS NOT NULL
     AND recorded_at < now() - interval '7 days';
  GET DIAGNOSTICS uploads_ = ROW_COUNT;
  RETURN jsonb_build_object('sessions', sessions_, 'links', links_, 'attempts', attempts_,
                            'answers', answers_, 'uploads', uploads_);
END $$
"""


def upgrade() -> None:
    # The driver itself: SQLAlchemy would read the colons and per cent signs as parameters.
    driver = op.get_bind().connection.driver_connection
    driver.execute("CREATE SCHEMA jobs")
    driver.execute("SET LOCAL search_path = jobs")
    driver.execute(SQL.read_text(encoding="utf-8"))
    for trigger, function in NOTIFYING:
        driver.execute(f"DROP TRIGGER {trigger} ON procrastinate_jobs")
        driver.execute(f"DROP FUNCTION procrastinate_{function}()")
    driver.execute("SET LOCAL search_path = public")
    driver.execute(RETRY_STALLED)
    driver.execute(OWN_PATH)
    for statement in (
        "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA jobs FROM PUBLIC",
        "GRANT USAGE ON SCHEMA jobs TO plumbline_app",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO plumbline_app",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO plumbline_app",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO plumbline_app",
        CLEAN_UP,
        "REVOKE ALL ON FUNCTION guard.clean_up() FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION guard.clean_up() TO plumbline_app",
        "ALTER FUNCTION guard.clean_up() OWNER TO plumbline_guard",
    ):
        driver.execute(statement)


def downgrade() -> None:
    op.execute("DROP FUNCTION guard.clean_up()")
    op.execute("DROP SCHEMA jobs CASCADE")
