-- What the actor is walled off from, asked once by a transaction that only reads: it was asked by
-- every statement of every table. From the first thing written on it is asked each time, so that
-- whoever keeps off a matter is kept off it by the next statement.
CREATE OR REPLACE FUNCTION guard.walled() RETURNS uuid[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  held jsonb := guard.scope();
  me text := held ->> 'actor';
  kept text;
BEGIN
  IF held IS NULL OR held ->> 'walled' = 'false' THEN RETURN '{}'; END IF;
  IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
    RETURN ARRAY(SELECT guard.walls_of(me::uuid));
  END IF;
  kept := current_setting('plumbline.walls', true);
  IF kept <> '' AND current_setting('plumbline.walls_seal', true) = guard.sealed(me || kept) THEN
    RETURN kept::uuid[];
  END IF;
  kept := ARRAY(SELECT guard.walls_of(me::uuid))::text;
  PERFORM set_config('plumbline.walls', kept, true),
          set_config('plumbline.walls_seal', guard.sealed(me || kept), true);
  RETURN kept::uuid[];
END $$;

-- An account that nobody of the register has is named nowhere: only what a person said walls it.
CREATE OR REPLACE FUNCTION guard.walls_of(account_ uuid) RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT 1 FROM account a WHERE a.id = account_ AND a.person_id IS NOT NULL) THEN
    RETURN QUERY
    WITH RECURSIVE behind AS (
      SELECT w.matter_id FROM wall w WHERE w.account_id = account_ AND w.ended_on IS NULL
      UNION
      SELECT l.to_id FROM behind b JOIN matter_link l ON l.from_id = b.matter_id
       WHERE l.kind = 'merged_into' AND l.ends_on IS NULL)
    SELECT b.matter_id FROM behind b
    UNION
    SELECT f.id FROM behind b JOIN fund_item f ON f.origin_id = b.matter_id;
    RETURN;
  END IF;
  RETURN QUERY
  WITH RECURSIVE behind AS (
    SELECT n.matter_id FROM guard.named_in(account_) AS n (matter_id)
    UNION
    SELECT y.matter_id FROM guard.reported_by(account_) AS y (matter_id)
    UNION
    SELECT w.matter_id FROM wall w WHERE w.account_id = account_ AND w.ended_on IS NULL
    UNION
    SELECT l.to_id FROM behind b JOIN matter_link l ON l.from_id = b.matter_id
     WHERE l.kind = 'merged_into' AND l.ends_on IS NULL),
  kept AS (
    SELECT b.matter_id FROM behind b
    UNION
    SELECT u.matter_id FROM guard.undecided_links(account_) u JOIN matter m ON m.id = u.matter_id
     WHERE m.classification = 2)
  SELECT k.matter_id FROM kept k
  UNION
  SELECT f.id FROM kept k JOIN fund_item f ON f.origin_id = k.matter_id;
END $$;
