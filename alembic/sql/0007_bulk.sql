-- A ledger of 100,000 rows writes a million: what is judged, recorded or looked for row by row
-- elsewhere is done once a statement while an import is open.

-- Whether this transaction imports, at next to no cost where it doesn't.
CREATE FUNCTION guard.importing() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN coalesce(current_setting('plumbline.batch', true), '') = '' THEN false
              ELSE guard.import_batch() IS NOT NULL END
$$;

-- guard.record() for all rows of a statement: the same events, and the same commitments to
-- personal values. Salts and keys come from a seed that nobody keeps, since asking the system for
-- each would take longer than the rest.
CREATE FUNCTION guard.record_many() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  seed bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
             || uuid_send(gen_random_uuid());
  me uuid := guard.actor();
  use_case_ text := nullif(current_setting('plumbline.use_case', true), '');
  request_ text := nullif(current_setting('plumbline.request', true), '');
  matter_column text := nullif(TG_ARGV[0], '');
  personal text[] := string_to_array(nullif(TG_ARGV[1], ''), ',');
  withheld text[] := string_to_array(TG_ARGV[2], ',');
BEGIN
  WITH written AS MATERIALIZED (
    SELECT e.id, r.row_, c.kept, c.shown
      FROM (SELECT jsonb_strip_nulls(to_jsonb(n)) - withheld AS row_, row_number() OVER () AS at
              FROM written_rows n) r
     CROSS JOIN LATERAL (
       SELECT encode(substr(sha256(seed || int8send(r.at)), 1, 16), 'hex')::uuid AS id
       OFFSET 0) e
      LEFT JOIN LATERAL (
        SELECT jsonb_object_agg(p.name, jsonb_build_array(
                 encode(s.salt, 'hex'), r.row_ ->> p.name)) AS kept,
               jsonb_object_agg(p.name, 'sha256:' || encode(sha256(
                 s.salt || convert_to(r.row_ ->> p.name, 'UTF8')), 'hex')) AS shown
          FROM unnest(personal) AS p (name)
         CROSS JOIN LATERAL (
           SELECT sha256(seed || convert_to(r.at || p.name, 'UTF8')) AS salt OFFSET 0) s
         WHERE r.row_ ? p.name) c ON true),
  apart AS (
    INSERT INTO audit_personal (event_id, event_at, values)
    SELECT w.id, now(), w.kept FROM written w WHERE w.kept IS NOT NULL)
  INSERT INTO audit_event (at, id, matter_id, table_name, row_id, op, actor_id, use_case,
                           request_id, database_user, changes)
  SELECT now(), w.id, (w.row_ ->> matter_column)::uuid, TG_TABLE_NAME,
         CASE WHEN length(w.row_ ->> 'id') = 36 THEN (w.row_ ->> 'id')::uuid END, TG_OP, me,
         use_case_, request_, session_user, w.row_ || coalesce(w.shown, '{}')
    FROM written w;
  RETURN NULL;
END $$;

-- The disposals that leads are imported with.
CREATE FUNCTION guard.keep_disposals() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  seed bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
BEGIN
  INSERT INTO disposal (id, lead_id, method, disposed_on, filed_on)
  SELECT encode(substr(sha256(seed || uuid_send(n.id)), 1, 16), 'hex')::uuid, n.id, n.method,
         n.disposed_on, n.filed_on
    FROM written_rows n WHERE n.method IS NOT NULL OR n.filed_on IS NOT NULL;
  RETURN NULL;
END $$;

-- What looks like the same matter: noted with the reason, for the lead manager to decide. Each
-- matter meets its nearest earlier neighbour only, so that a long history stays a short list.
-- Rows that were written a moment ago are in no statistics: how to join is said by their number.
CREATE OR REPLACE FUNCTION guard.import_repeats(batch_ uuid) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  many boolean;
  usual text := current_setting('enable_nestloop');
  unnamed uuid[];
  made integer;
  met integer;
BEGIN
  IF guard.import_batch() IS DISTINCT FROM batch_ THEN
    RAISE insufficient_privilege USING MESSAGE = 'no import is open';
  END IF;
  SELECT count(*) > 500 INTO many FROM matter WHERE import_batch_id = batch_;
  PERFORM set_config('enable_nestloop', CASE WHEN many THEN 'off' ELSE 'on' END, true);
  -- The same person in the same unit, within a year.
  WITH touched AS MATERIALIZED (
    SELECT DISTINCT i.person_id FROM matter m JOIN involvement i ON i.matter_id = m.id
     WHERE m.import_batch_id = batch_ AND m.kind IN ('lead', 'petition')
       AND i.part = 'subject' AND i.person_id IS NOT NULL),
  history AS (
    SELECT m.id, m.opened_on, m.import_batch_id = batch_ AS fresh,
           lag(m.id) OVER w AS other_id, lag(m.opened_on) OVER w AS other_on,
           lag(m.import_batch_id = batch_) OVER w AS other_fresh
      FROM touched t
      JOIN involvement i ON i.person_id = t.person_id AND i.part = 'subject'
                        AND i.ended_on IS NULL
      JOIN matter m ON m.id = i.matter_id AND m.kind IN ('lead', 'petition')
    WINDOW w AS (PARTITION BY i.person_id, m.unit_id ORDER BY m.opened_on, m.id))
  INSERT INTO possible_repeat (id, matter_id, other_id, why)
  SELECT gen_random_uuid(), h.id, h.other_id, '{"reason": "person_and_unit"}'
    FROM (SELECT DISTINCT id, other_id FROM history
           WHERE other_id IS NOT NULL AND (fresh OR other_fresh)
             AND opened_on - other_on <= 365) h
   WHERE NOT EXISTS (SELECT 1 FROM matter_link k WHERE k.ends_on IS NULL
                      AND k.from_id = h.id AND k.to_id = h.other_id)
     AND NOT EXISTS (SELECT 1 FROM matter_link k WHERE k.ends_on IS NULL
                      AND k.from_id = h.other_id AND k.to_id = h.id)
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS made = ROW_COUNT;
  -- Words alike in the same unit, within two months, where one of the two names nobody: two
  -- matters about two people are two matters.
  unnamed := ARRAY(
    SELECT m.id FROM matter m
     WHERE m.kind IN ('lead', 'petition')
       AND m.unit_id IN (SELECT DISTINCT x.unit_id FROM matter x
                          WHERE x.import_batch_id = batch_ AND x.kind IN ('lead', 'petition'))
       AND NOT EXISTS (SELECT 1 FROM involvement i
                        WHERE i.matter_id = m.id AND i.part = 'subject'));
  PERFORM set_config('enable_nestloop', 'on', true);
  INSERT INTO possible_repeat (id, matter_id, other_id, why)
  SELECT gen_random_uuid(), x.later, x.earlier,
         jsonb_build_object('reason', 'words', 'likeness', round(max(x.likeness)::numeric, 2))
    FROM (
      SELECT CASE WHEN (o.opened_on, o.id) > (u.opened_on, u.id) THEN o.id ELSE u.id END AS later,
             CASE WHEN (o.opened_on, o.id) > (u.opened_on, u.id) THEN u.id ELSE o.id END
               AS earlier, o.likeness
        FROM (
          SELECT m.id, m.unit_id, m.opened_on, m.import_batch_id = batch_ AS fresh,
                 left(coalesce(l.what, p.content), 300) AS words
            FROM unnest(unnamed) AS w (id) JOIN matter m ON m.id = w.id
            LEFT JOIN lead l ON l.id = m.id LEFT JOIN petition p ON p.id = m.id
          OFFSET 0) u
       CROSS JOIN LATERAL (
          SELECT m.id, m.opened_on, similarity(u.words, coalesce(l.what, p.content)) AS likeness
            FROM matter m
            LEFT JOIN lead l ON l.id = m.id LEFT JOIN petition p ON p.id = m.id
           WHERE m.unit_id = u.unit_id AND m.kind IN ('lead', 'petition') AND m.id <> u.id
             AND (u.fresh OR m.import_batch_id = batch_)
             AND m.opened_on BETWEEN u.opened_on - 60 AND u.opened_on + 60
           ORDER BY 3 DESC, m.id LIMIT 1) o
       WHERE char_length(u.words) >= 4 AND o.likeness >= 0.5) x
   WHERE NOT EXISTS (SELECT 1 FROM matter_link k WHERE k.ends_on IS NULL
                      AND k.from_id = x.later AND k.to_id = x.earlier)
     AND NOT EXISTS (SELECT 1 FROM matter_link k WHERE k.ends_on IS NULL
                      AND k.from_id = x.earlier AND k.to_id = x.later)
   GROUP BY x.later, x.earlier
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS met = ROW_COUNT;
  PERFORM set_config('enable_nestloop', usual, true);
  RETURN made + met;
END $$;
