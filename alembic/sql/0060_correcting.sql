-- What a signature rests on is frozen: said by the services, and here once more.

-- The signatures that hold on a matter: under a request that waits or was approved, and, for a case
-- that a lead's approval opened, under that one. What was returned or taken back rests on nobody's.
CREATE FUNCTION guard.held_by(matter_ uuid)
  RETURNS TABLE (request_id uuid, event text, from_state text, form jsonb, status text,
                 step jsonb, account_id uuid, name text, act text, role text, signed_on date,
                 recorded_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT q.id, q.event, q.from_state, q.form, q.status, q.chain -> (s.position - 1),
         s.account_id, coalesce(a.name, s.signer_name), s.act, s.role, s.signed_on, s.recorded_at
    FROM request q JOIN signature s ON s.request_id = q.id
    LEFT JOIN account a ON a.id = s.account_id
   WHERE (q.matter_id = matter_ OR q.id = (
           SELECT t.request_id FROM transition t WHERE t.matter_id = matter_ AND t.version = 1))
     AND s.verdict = 'sign' AND s.manner <> 'ledger' AND q.status IN ('open', 'approved')
   ORDER BY s.recorded_at, s.position
$$;

CREATE FUNCTION guard.held_signatures(matter_ uuid)
  RETURNS TABLE (request_id uuid, event text, from_state text, form jsonb, status text,
                 step jsonb, account_id uuid, name text, act text, role text, signed_on date,
                 recorded_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT h.* FROM guard.held_by(matter_) h WHERE guard.works_on(matter_)
$$;

-- Whether whom a place in a chain names can't sign there any more: gone, without the role, off the
-- team, or walled off from the matter.
CREATE FUNCTION guard.seat_left(matter_ uuid, step_ jsonb) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT step_ ->> 'account' IS NOT NULL AND (
    NOT EXISTS (SELECT 1 FROM account a WHERE a.id = (step_ ->> 'account')::uuid AND a.active)
    OR (step_ ->> 'account')::uuid IN (SELECT w.account_id FROM guard.walled_from(matter_) w)
    OR NOT CASE WHEN step_ ->> 'role' = 'team' THEN EXISTS (
         SELECT 1 FROM team_member t
          WHERE t.account_id = (step_ ->> 'account')::uuid AND t.ends_on IS NULL
            AND t.matter_id = coalesce(
              (SELECT f.origin_id FROM fund_item f WHERE f.id = matter_), matter_))
       ELSE EXISTS (
         SELECT 1 FROM role_held r
          WHERE r.account_id = (step_ ->> 'account')::uuid AND r.role = step_ ->> 'role'
            AND (step_ ->> 'path')::ltree <@ r.unit_path AND r.begins_on <= current_date
            AND (r.ends_on IS NULL OR r.ends_on > current_date)) END)
$$;

-- The same of the place that is next in a request to correct something: then whoever holds it now
-- signs there. Of the actor's own matters.
CREATE FUNCTION guard.passed_on(request_ uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce((SELECT guard.seat_left(q.matter_id, q.chain -> (q.next_position - 1))
    FROM request q WHERE q.id = request_ AND q.event = 'correct' AND q.status = 'open'
     AND guard.works_on(q.matter_id)), false)
$$;

-- A correction is asked of everybody whose signature holds and who can still sign; somebody
-- decides at the end, and each place is one of the procedure's.
CREATE FUNCTION guard.check_correcting(q request, m matter, content_ jsonb) RETURNS void
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF q.from_state IS DISTINCT FROM m.state OR q.to_state <> m.state OR q.next_position <> 1
     OR q.next_role IS DISTINCT FROM q.chain -> 0 ->> 'role'
     OR q.next_path::text IS DISTINCT FROM q.chain -> 0 ->> 'path'
     OR q.chain -> -1 ->> 'act' IS DISTINCT FROM 'decide'
     OR NOT EXISTS (SELECT 1 FROM guard.held_by(m.id))
     OR EXISTS (
       SELECT 1 FROM guard.held_by(m.id) h
        WHERE h.account_id IS NOT NULL AND h.account_id <> q.requested_by
          AND NOT guard.seat_left(m.id, h.step || jsonb_build_object('account', h.account_id))
          AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(q.chain) s
                           WHERE (s ->> 'account')::uuid = h.account_id))
     OR EXISTS (
       SELECT 1 FROM jsonb_array_elements(q.chain) s
        CROSS JOIN LATERAL (SELECT content_ -> 'roles' -> (s ->> 'code') AS role_) x
        WHERE s ->> 'role' IS DISTINCT FROM CASE WHEN x.role_ ->> 'scope' = 'team' THEN 'team'
                                                 ELSE x.role_ ->> 'role' END) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:needs-signatures';
  END IF;
END $$;

-- What signatures rest on changes with a request that they approved in this very transaction.
CREATE FUNCTION guard.check_frozen() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  matter_ uuid := coalesce(to_jsonb(NEW) ->> 'matter_id', to_jsonb(NEW) ->> 'id')::uuid;
  field_ text;
BEGIN
  IF guard.actor() IS NULL OR guard.importing() THEN RETURN NEW; END IF;
  FOREACH field_ IN ARRAY TG_ARGV LOOP
    IF to_jsonb(OLD) ->> field_ IS DISTINCT FROM to_jsonb(NEW) ->> field_
       AND EXISTS (SELECT 1 FROM guard.held_by(matter_))
       AND NOT EXISTS (
         SELECT 1 FROM request q
          WHERE q.matter_id = matter_ AND q.status = 'approved'
            AND q.xmin = pg_current_xact_id()::xid
            AND (q.event <> 'correct' OR q.form ->> 'field' = field_)) THEN
      RAISE check_violation USING MESSAGE = 'plumbline:frozen';
    END IF;
  END LOOP;
  RETURN NEW;
END $$;

-- A name stands in the register, whose file need not be open to whoever agrees to its correction.
CREATE FUNCTION guard.correct_name(involvement_ uuid, name_ text) RETURNS uuid
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE i involvement%ROWTYPE;
BEGIN
  SELECT * INTO i FROM involvement WHERE id = involvement_ AND ended_on IS NULL;
  IF NOT FOUND OR NOT guard.works_on(i.matter_id) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF EXISTS (SELECT 1 FROM guard.held_by(i.matter_id)) AND NOT EXISTS (
       SELECT 1 FROM request q
        WHERE q.matter_id = i.matter_id AND q.status = 'approved' AND q.event = 'correct'
          AND q.xmin = pg_current_xact_id()::xid AND q.form ->> 'field' = 'name'
          AND q.form ->> 'involvement' = involvement_::text) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:frozen';
  END IF;
  UPDATE person SET name = name_, version = version + 1 WHERE id = i.person_id;
  UPDATE organisation SET name = name_, version = version + 1 WHERE id = i.organisation_id;
  RETURN i.person_id;
END $$;

CREATE TRIGGER frozen BEFORE UPDATE OF title ON matter
  FOR EACH ROW WHEN (OLD.title IS DISTINCT FROM NEW.title)
  EXECUTE FUNCTION guard.check_frozen('title');
CREATE TRIGGER frozen BEFORE UPDATE OF what, amount ON lead
  FOR EACH ROW WHEN ((OLD.what, OLD.amount)
    IS DISTINCT FROM (NEW.what, NEW.amount))
  EXECUTE FUNCTION guard.check_frozen('what', 'amount');
CREATE TRIGGER frozen BEFORE UPDATE OF brief ON "case"
  FOR EACH ROW WHEN (OLD.brief IS DISTINCT FROM NEW.brief)
  EXECUTE FUNCTION guard.check_frozen('brief');
CREATE TRIGGER frozen BEFORE UPDATE OF description ON fund_item
  FOR EACH ROW WHEN (OLD.description IS DISTINCT FROM NEW.description)
  EXECUTE FUNCTION guard.check_frozen('description');
CREATE TRIGGER frozen BEFORE UPDATE OF position, rank, alleged ON involvement
  FOR EACH ROW WHEN ((OLD.position, OLD.rank, OLD.alleged)
    IS DISTINCT FROM (NEW.position, NEW.rank, NEW.alleged))
  EXECUTE FUNCTION guard.check_frozen('position', 'rank', 'alleged');
