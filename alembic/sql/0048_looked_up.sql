-- What a wall keeps an account from, by whole lists: one question for all that is merged and one
-- for all the money, where each matter had been asked for by itself.
CREATE FUNCTION guard.walls_upon(account_ uuid) RETURNS uuid[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  -- An account that nobody of the register has is named nowhere: only what a person said walls it.
  registered boolean := EXISTS (
    SELECT 1 FROM account a WHERE a.id = account_ AND a.person_id IS NOT NULL);
  found_ uuid[] := ARRAY(
    SELECT w.matter_id FROM wall w WHERE w.account_id = account_ AND w.ended_on IS NULL);
  more uuid[];
BEGIN
  IF registered THEN
    found_ := ARRAY(SELECT unnest(found_)
                    UNION SELECT guard.named_in(account_)
                    UNION SELECT guard.reported_by(account_));
  END IF;
  more := found_;
  WHILE cardinality(more) > 0 LOOP
    more := ARRAY(SELECT DISTINCT l.to_id FROM matter_link l
                   WHERE l.from_id = ANY (more) AND l.kind = 'merged_into' AND l.ends_on IS NULL
                     AND l.to_id <> ALL (found_));
    found_ := found_ || more;
  END LOOP;
  IF registered THEN
    found_ := found_ || ARRAY(SELECT DISTINCT u.matter_id FROM guard.undecided_links(account_) u
                                JOIN matter m ON m.id = u.matter_id
                               WHERE m.classification = 2 AND u.matter_id <> ALL (found_));
  END IF;
  RETURN found_ || ARRAY(SELECT f.id FROM fund_item f
                          WHERE f.origin_id = ANY (found_) AND f.id <> ALL (found_));
END $$;

CREATE OR REPLACE FUNCTION guard.walls_of(account_ uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
  SELECT unnest(guard.walls_upon(account_))
$$;

CREATE OR REPLACE FUNCTION guard.walled() RETURNS uuid[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  held jsonb := guard.scope();
  me text := held ->> 'actor';
  kept text;
  found_ uuid[];
BEGIN
  IF held IS NULL OR held ->> 'walled' = 'false' THEN RETURN '{}'; END IF;
  IF pg_current_xact_id_if_assigned() IS NOT NULL THEN RETURN guard.walls_upon(me::uuid); END IF;
  kept := current_setting('plumbline.walls', true);
  IF kept <> '' AND current_setting('plumbline.walls_seal', true) = guard.sealed(me || kept) THEN
    RETURN string_to_array(kept, ',')::uuid[];
  END IF;
  found_ := guard.walls_upon(me::uuid);
  kept := array_to_string(found_, ',');
  PERFORM set_config('plumbline.walls', kept, true),
          set_config('plumbline.walls_seal', guard.sealed(me || kept), true);
  RETURN found_;
END $$;

-- Matters that this transaction has asked the policy about, and that its reader may see: rows that
-- hang on them needn't ask again, table by table. Sealed for this actor and transaction; from the
-- first thing written on nothing is remembered, as with walls.
CREATE FUNCTION guard.looked_up() RETURNS uuid[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  kept text := current_setting('plumbline.looked_up', true);
  seal text;
BEGIN
  IF kept IS NULL OR kept = '' OR pg_current_xact_id_if_assigned() IS NOT NULL THEN
    RETURN '{}';
  END IF;
  SELECT encode(sha256(p.secret || convert_to(
           'looked up' || coalesce(current_setting('plumbline.seal', true), '') || kept
           || pg_backend_pid() || extract(epoch FROM now()), 'UTF8')), 'hex')
    INTO seal FROM guard.pepper p;
  IF current_setting('plumbline.looked_up_seal', true) IS DISTINCT FROM seal THEN
    RETURN '{}';
  END IF;
  RETURN string_to_array(kept, ',')::uuid[];
END $$;

-- The guard's own: what it is given is remembered as seen.
CREATE FUNCTION guard.remember(ids uuid[]) RETURNS void
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  kept text := array_to_string(ids, ',');
BEGIN
  IF pg_current_xact_id_if_assigned() IS NULL THEN
    PERFORM set_config('plumbline.looked_up', kept, true),
            set_config('plumbline.looked_up_seal', guard.sealed(
              'looked up' || coalesce(current_setting('plumbline.seal', true), '') || kept), true);
  END IF;
END $$;

-- Which of these the actor may see, in their order; remembered for the rest of the transaction.
-- All that is asked of the reader is asked whether or not anything is there: asked of the first row
-- that needs it, it would tell by the time it takes that there is one.
CREATE FUNCTION guard.look_up(ids uuid[]) RETURNS uuid[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
@@reader@@
  found_ uuid[];
BEGIN
  found_ := ARRAY(SELECT m.id FROM unnest(ids) WITH ORDINALITY AS asked (id, place)
                    JOIN matter m ON m.id = asked.id
                   WHERE @@seen:m@@ ORDER BY asked.place);
  PERFORM guard.remember(found_);
  RETURN found_;
END $$;

-- What lists show of these matters, of those that the actor may see, in no order. Asked of the tables
-- one by one, row security would put its questions again for each. A request is shown to who may
-- read its matter's content, a name to who reads the register.
CREATE FUNCTION guard.listed(ids uuid[]) RETURNS TABLE (
    id uuid, kind text, number text, title text, state text, stage text, version integer,
    opened_on date, due_on date, closed_on date, effective boolean, classification integer,
    source text, profile_id uuid, responsible_leader text, unit_name text, parent_unit_name text,
    assigned_name text, request_id uuid, waiting_event text, waiting_role text, waiting_path text,
    holder_name text, subject_names text[], subject_ids uuid[], doubtful boolean)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  found_ uuid[] := guard.look_up(ids);
  content boolean := guard.reads_content();
  register boolean := content OR guard.import_batch() IS NOT NULL;
  mine uuid[] := CASE WHEN NOT content THEN guard.mine() END;
BEGIN
  RETURN QUERY
  SELECT m.id, m.kind, m.number, m.title, m.state, m.stage, m.version, m.opened_on, m.due_on,
         m.closed_on, m.effective, m.classification, m.source, m.profile_id,
         m.responsible_leader, u.name, pu.name, au.name,
         q.id, q.event, q.next_role, q.next_path::text, h.name, s.names, s.ids,
         EXISTS (SELECT 1 FROM doubt d WHERE d.matter_id = m.id AND d.settled_on IS NULL)
    FROM matter m
    JOIN unit u ON u.id = m.unit_id
    LEFT JOIN unit pu ON pu.id = u.parent_id AND pu.kind IN ('township', 'subdistrict')
    LEFT JOIN unit au ON au.id = m.assigned_unit_id
    LEFT JOIN request q ON q.matter_id = m.id AND q.status = 'open'
     AND (content OR m.id = ANY (mine))
    LEFT JOIN LATERAL (
      SELECT a.name FROM team_member t JOIN account a ON a.id = t.account_id
       WHERE t.matter_id = m.id AND t.ends_on IS NULL
       ORDER BY t.part = 'lead_handler' DESC, t.begins_on LIMIT 1) h ON true
    LEFT JOIN LATERAL (
      SELECT array_agg(CASE WHEN register THEN coalesce(p.name, o.name) END
                       ORDER BY i.code, i.id) AS names,
             array_agg(i.person_id ORDER BY i.code, i.id) AS ids
        FROM involvement i LEFT JOIN person p ON p.id = i.person_id
        LEFT JOIN organisation o ON o.id = i.organisation_id
       WHERE i.matter_id = m.id AND i.part = 'subject' AND i.ended_on IS NULL) s ON true
   WHERE m.id = ANY (found_);
END $$;
