-- What is withheld from whoever is walled off, and what lies outside a reader's scope.

-- A report of an import tells of matters: rows that met one on record, pairs that look alike, what
-- contradicts a rule. Of those that its reader is walled off from it says nothing: such a row
-- counts as simply taken. Asked each time it is read.
CREATE FUNCTION guard.import_said(batch_ uuid)
  RETURNS TABLE (report jsonb, accepted integer, warned integer, rejected integer, known integer)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  b import_batch%ROWTYPE;
  hidden uuid[] := guard.walled();
  numbers text[];
  gone jsonb;
  said jsonb;
BEGIN
  SELECT * INTO b FROM import_batch x WHERE x.id = batch_ AND x.made_by = guard.actor();
  IF NOT FOUND THEN RETURN; END IF;
  said := b.report;
  SELECT coalesce(jsonb_object_agg(f.verdict, f.many), '{}') INTO gone FROM (
    SELECT i.verdict, count(*) AS many FROM import_finding i
     WHERE i.batch_id = batch_ AND i.matter_id = ANY (hidden) GROUP BY i.verdict) f;
  SELECT array_agg(m.number) INTO numbers FROM matter m WHERE m.id = ANY (hidden);
  IF numbers IS NOT NULL AND said ? 'alike' THEN
    said := said || (
      SELECT jsonb_build_object(
               'alike', coalesce(jsonb_agg(e.pair ORDER BY e.at) FILTER (WHERE NOT e.tells), '[]'),
               'repeats', (said ->> 'repeats')::integer - count(*) FILTER (WHERE e.tells))
        FROM (SELECT p.pair, p.at, p.pair ->> 'number' = ANY (numbers)
                                   OR p.pair ->> 'other_number' = ANY (numbers) AS tells
                FROM jsonb_array_elements(said -> 'alike') WITH ORDINALITY AS p (pair, at)) e);
    said := said || (
      SELECT jsonb_build_object(
               'doubtful', coalesce(jsonb_agg(e.doubt ORDER BY e.at)
                                    FILTER (WHERE NOT e.tells), '[]'))
        FROM (SELECT p.doubt, p.at,
                     coalesce(p.doubt ->> 'number' = ANY (numbers), false) AS tells
                FROM jsonb_array_elements(said -> 'doubtful') WITH ORDINALITY AS p (doubt, at)) e)
      || jsonb_build_object('doubts', (
        SELECT coalesce(jsonb_object_agg(r.key, r.value::integer - r.told)
                        FILTER (WHERE r.value::integer > r.told), '{}')
          FROM (SELECT d.key, d.value, (
                  SELECT count(*) FROM jsonb_array_elements(said -> 'doubtful') AS p (doubt)
                   WHERE p.doubt ->> 'rule' = d.key
                     AND p.doubt ->> 'number' = ANY (numbers)) AS told
                  FROM jsonb_each_text(said -> 'doubts') d) r));
  END IF;
  b.warned := b.warned - coalesce((gone ->> 'warned')::integer, 0);
  b.rejected := b.rejected - coalesce((gone ->> 'rejected')::integer, 0);
  b.known := b.known - coalesce((gone ->> 'known')::integer, 0);
  b.accepted := b.rows - b.warned - b.rejected - b.known;
  IF said ? 'rejected' THEN
    said := said || jsonb_build_object('accepted', b.accepted, 'warned', b.warned,
                                       'rejected', b.rejected, 'known', b.known);
  END IF;
  RETURN QUERY SELECT said, b.accepted, b.warned, b.rejected, b.known;
END $$;

-- All that was said about the rows of one's own file, what one may not read of it as well.
CREATE FUNCTION guard.forget_findings(batch_ uuid) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM import_finding f USING import_batch b
   WHERE f.batch_id = batch_ AND b.id = batch_ AND b.made_by = guard.actor()
$$;

-- A row that became a matter which its importer is walled off from counts as a new one: it then
-- meets that matter's number, and is withheld for that.
CREATE OR REPLACE FUNCTION guard.import_known(family_ text, hashes bytea[]) RETURNS SETOF bytea
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT r.row_hash FROM import_row r
   WHERE r.family = family_ AND r.row_hash = ANY (hashes) AND guard.actor() IS NOT NULL
     AND (family_ NOT IN ('petitions', 'leads', 'cases')
          OR (r.matter_id IN (SELECT unnest(guard.walled()))) IS NOT TRUE)
$$;

-- The reasons and numbers of what an import found, and the keys by which some of it is withheld.
DROP FUNCTION guard.import_repeats_found(uuid);
CREATE FUNCTION guard.import_repeats_found(batch_ uuid)
  RETURNS TABLE (number text, other_number text, why jsonb, matter_id uuid, other_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.number, o.number, r.why, m.id, o.id
    FROM possible_repeat r JOIN matter m ON m.id = r.matter_id JOIN matter o ON o.id = r.other_id
   WHERE guard.import_batch() = batch_ AND r.decision IS NULL
     AND (m.import_batch_id = batch_ OR o.import_batch_id = batch_)
   ORDER BY m.number, o.number
$$;

DROP FUNCTION guard.import_doubts_found(uuid);
CREATE FUNCTION guard.import_doubts_found(batch_ uuid)
  RETURNS TABLE (rule text, "row" integer, number text, "values" jsonb, matter_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.rule, d.row, m.number, d.values, d.matter_id
    FROM doubt d LEFT JOIN matter m ON m.id = d.matter_id
   WHERE guard.import_batch() = batch_ AND d.batch_id = batch_ AND d.settled_on IS NULL
   ORDER BY d.rule, d.row NULLS LAST, m.number
$$;

-- How many matters of a district, a township or a campaign lie outside what the actor counts:
-- in fives, rounded down, so that no two answers differ by one matter. Nothing below five, and
-- nothing of a smaller unit. What the actor is walled off from is in neither number.
CREATE FUNCTION guard.outside(unit_ ltree, campaign_ uuid) RETURNS integer
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  place ltree;
  found_ bigint;
BEGIN
  IF NOT guard.holds('{operator,auditor,chief,secretary,liaison,lead_manager,deputy,department_head,petitions_head,adjudication_head,finance}')
     OR (unit_ IS NOT NULL AND campaign_ IS NOT NULL) THEN
    RETURN NULL;
  END IF;
  SELECT u.path INTO place FROM unit u
   WHERE u.kind IN ('district', 'township', 'subdistrict')
     AND CASE WHEN unit_ IS NULL
              THEN u.id = (SELECT i.district_id FROM installation i) ELSE u.path = unit_ END;
  -- Before these nothing of their subtree is hidden.
  IF place IS NULL
     OR place <@ guard.reach('{operator,auditor,chief,secretary,liaison}') THEN
    RETURN NULL;
  END IF;
  SELECT count(*) INTO found_ FROM matter m
   WHERE m.unit_path <@ place AND m.state IS DISTINCT FROM 'voided'
     AND (campaign_ IS NULL OR m.campaign_id = campaign_)
     AND (@@counted:m@@) IS NOT TRUE
     AND NOT m.id IN (SELECT unnest(guard.walled()));
  RETURN CASE WHEN found_ >= 5 THEN (found_ - found_ % 5)::integer END;
END $$;
