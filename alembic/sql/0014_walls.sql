-- Walls. Whoever a matter names is kept off it, and so are their declared near relatives: asked of
-- the register each time, never copied, so that no order of events leaves a moment in which
-- somebody reads what names them. What somebody declared, or a head decided, is a row of `wall`.

-- Every matter that an account is walled off from: what names its person or a near relative, what
-- it declared or was decided on, what any of these was merged into, and the money of all of them.
CREATE FUNCTION guard.walls_of(account_ uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE near AS (
    SELECT a.person_id FROM account a WHERE a.id = account_ AND a.person_id IS NOT NULL
    UNION
    SELECT CASE WHEN r.person_id = a.person_id THEN r.relative_id ELSE r.person_id END
      FROM account a JOIN relative r ON a.person_id IN (r.person_id, r.relative_id)
     WHERE a.id = account_ AND r.ended_on IS NULL),
  behind AS (
    SELECT i.matter_id FROM near n JOIN involvement i ON i.person_id = n.person_id
     WHERE i.ended_on IS NULL
    UNION
    SELECT w.matter_id FROM wall w WHERE w.account_id = account_ AND w.ended_on IS NULL
    UNION
    SELECT l.to_id FROM behind b JOIN matter_link l ON l.from_id = b.matter_id
     WHERE l.kind = 'merged_into' AND l.ends_on IS NULL)
  SELECT matter_id FROM behind
  UNION
  SELECT f.id FROM behind b JOIN fund_item f ON f.origin_id = b.matter_id
$$;

-- The same, asked from the other side: who is walled off from one matter, and by what. `named`
-- and `relative` follow the register, `declared` and `decided` a row.
CREATE FUNCTION guard.walled_from(matter_ uuid) RETURNS TABLE (account_id uuid, cause text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE held AS (
    SELECT matter_ AS id
    UNION
    SELECT f.origin_id FROM fund_item f WHERE f.id = matter_),
  whole AS (
    SELECT id FROM held
    UNION
    SELECT l.from_id FROM whole x JOIN matter_link l ON l.to_id = x.id
     WHERE l.kind = 'merged_into' AND l.ends_on IS NULL),
  named AS (
    SELECT DISTINCT i.person_id FROM whole x JOIN involvement i ON i.matter_id = x.id
     WHERE i.person_id IS NOT NULL AND i.ended_on IS NULL)
  SELECT a.id, 'named' FROM named n JOIN account a ON a.person_id = n.person_id
  UNION
  SELECT a.id, 'relative' FROM named n
    JOIN relative r ON n.person_id IN (r.person_id, r.relative_id) AND r.ended_on IS NULL
    JOIN account a ON a.person_id
         = CASE WHEN r.person_id = n.person_id THEN r.relative_id ELSE r.person_id END
  UNION
  SELECT w.account_id, w.cause FROM wall w JOIN whole x ON x.id = w.matter_id
   WHERE w.ended_on IS NULL
$$;

-- What the actor is walled off from. Nearly everybody is walled off from nothing, which
-- guard.enter() found out already.
CREATE FUNCTION guard.walled() RETURNS uuid[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE held jsonb := guard.scope();
BEGIN
  IF held IS NULL OR held ->> 'walled' = 'false' THEN RETURN '{}'; END IF;
  RETURN ARRAY(SELECT guard.walls_of((held ->> 'actor')::uuid));
END $$;

-- Lines of the bank that belong to what the actor is walled off from.
CREATE FUNCTION guard.walled_lines() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(e.bank_line_id), '{}') FROM journal_entry e
   WHERE e.bank_line_id IS NOT NULL
     AND (e.matter_id IN (SELECT unnest(guard.walled()))
          OR e.fund_item_id IN (SELECT unnest(guard.walled())))
$$;

-- And the entries that tell of its money.
CREATE FUNCTION guard.walled_entries() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(e.id), '{}') FROM journal_entry e
   WHERE e.matter_id IN (SELECT unnest(guard.walled()))
      OR e.fund_item_id IN (SELECT unnest(guard.walled()))
$$;

-- The actor keeps off a matter from this moment on.
CREATE FUNCTION guard.declare_wall(matter_ uuid, reason_ text, day_ date) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  me uuid := guard.actor();
  scope_ text := (guard.scope() || '{"walled": true}')::text;
BEGIN
  IF me IS NULL OR NOT (guard.works_on(matter_) OR guard.audits(matter_)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  INSERT INTO wall (id, matter_id, account_id, cause, reason, made_by, made_on)
  VALUES (gen_random_uuid(), matter_, me, 'declared', reason_, me, day_)
  ON CONFLICT (matter_id, account_id) WHERE ended_on IS NULL DO NOTHING;
  -- It holds for the rest of this transaction as well.
  PERFORM set_config('plumbline.scope', scope_, true),
          set_config('plumbline.seal', guard.sealed(scope_), true);
END $$;

-- A decision that somebody keeps off: only with the approved request that says so.
CREATE FUNCTION guard.decide_wall(matter_ uuid, account_ uuid, request_ uuid, day_ date)
  RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.works_on(matter_) OR NOT EXISTS (
      SELECT 1 FROM request q WHERE q.id = request_ AND q.matter_id = matter_
         AND q.status = 'approved' AND q.form ->> 'recused' = account_::text) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  INSERT INTO wall (id, matter_id, account_id, cause, request_id, made_by, made_on)
  VALUES (gen_random_uuid(), matter_, account_, 'decided', request_, guard.actor(), day_)
  ON CONFLICT (matter_id, account_id) WHERE ended_on IS NULL DO NOTHING;
END $$;

-- Whether the actor may read a matter as an auditor.
CREATE FUNCTION guard.audits(wanted uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM matter m WHERE m.id = wanted AND @@audit:m@@)
$$;

CREATE OR REPLACE FUNCTION guard.works_on(wanted uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM matter m WHERE m.id = wanted AND @@content:m@@)
$$;

-- Matters of the actor's that only somebody who is kept off could move on: their handler, or
-- everybody who could sign what waits. Why is not said.
CREATE FUNCTION guard.stuck_behind_walls() RETURNS TABLE (matter_id uuid, why text, role text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH suspect AS (
    SELECT w.account_id AS id FROM wall w WHERE w.ended_on IS NULL
    UNION
    SELECT a.id FROM account a WHERE a.person_id IN (
      SELECT i.person_id FROM involvement i WHERE i.ended_on IS NULL
      UNION SELECT r.person_id FROM relative r WHERE r.ended_on IS NULL
      UNION SELECT r.relative_id FROM relative r WHERE r.ended_on IS NULL)),
  kept AS MATERIALIZED (
    SELECT s.id AS account_id, w.matter_id
      FROM suspect s CROSS JOIN LATERAL guard.walls_of(s.id) AS w (matter_id)),
  found AS (
    SELECT DISTINCT t.matter_id, 'no_handler' AS why, NULL::text AS role
      FROM kept k JOIN team_member t
        ON t.matter_id = k.matter_id AND t.account_id = k.account_id AND t.ends_on IS NULL
     WHERE t.part = 'lead_handler'
    UNION ALL
    SELECT DISTINCT q.matter_id, 'no_signer', q.next_role
      FROM kept k JOIN request q ON q.matter_id = k.matter_id AND q.status = 'open'
     WHERE q.next_role <> 'team' AND NOT EXISTS (
       SELECT 1 FROM role_held r JOIN account a ON a.id = r.account_id AND a.active
        WHERE r.role = q.next_role AND q.next_path <@ r.unit_path
          AND a.id IS DISTINCT FROM q.requested_by
          AND r.begins_on <= current_date AND (r.ends_on IS NULL OR r.ends_on > current_date)
          AND NOT EXISTS (SELECT 1 FROM kept o
                           WHERE o.matter_id = q.matter_id AND o.account_id = a.id)
          AND NOT EXISTS (SELECT 1 FROM signature g
                           WHERE g.request_id = q.id AND g.account_id = a.id)))
  SELECT f.matter_id, f.why, f.role FROM found f JOIN matter m ON m.id = f.matter_id
   WHERE m.closed_on IS NULL AND guard.works_on(f.matter_id)
$$;

-- Who keeps off a matter, for whoever works on it; why stays with the register.
CREATE FUNCTION guard.walls_on(matter_ uuid) RETURNS TABLE (account_id uuid, name text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT a.id, a.name FROM guard.walled_from(matter_) w
    JOIN account a ON a.id = w.account_id
   WHERE guard.works_on(matter_) AND guard.reads_content()
$$;
