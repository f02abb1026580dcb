-- As they stood before 0047, for going back.
CREATE OR REPLACE FUNCTION guard.walled() RETURNS uuid[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE held jsonb := guard.scope();
BEGIN
  IF held IS NULL OR held ->> 'walled' = 'false' THEN RETURN '{}'; END IF;
  RETURN ARRAY(SELECT guard.walls_of((held ->> 'actor')::uuid));
END $$;

CREATE OR REPLACE FUNCTION guard.walls_of(account_ uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
    SELECT matter_id FROM behind
    UNION
    SELECT u.matter_id FROM guard.undecided_links(account_) u JOIN matter m ON m.id = u.matter_id
     WHERE m.classification = 2)
  SELECT matter_id FROM kept
  UNION
  SELECT f.id FROM kept k JOIN fund_item f ON f.origin_id = k.matter_id
$$;
