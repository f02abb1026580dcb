-- Roles over matters take two administrators: one asks, another confirms. Only the operator at the
-- command line, on the machine itself, gives them alone: somebody has to be first.

CREATE FUNCTION guard.at_command() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT guard.holds('{operator}') AND EXISTS (
    SELECT 1 FROM session s WHERE s.id = (guard.scope() ->> 'session')::uuid
       AND s.kind = 'command')
$$;

-- As before, and: of a role that is held only its end changes, and only to an earlier day.
CREATE OR REPLACE FUNCTION guard.check_rights() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF guard.actor() IS NULL THEN RETURN NEW; END IF;
  IF NEW.delegation_id IS NULL THEN PERFORM guard.require_fresh(); END IF;
  IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - 'ends_on' <> to_jsonb(OLD) - 'ends_on'
      OR coalesce(NEW.ends_on, 'infinity') > coalesce(OLD.ends_on, 'infinity')) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION guard.may_give(account_ uuid, path ltree) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT account_ <> guard.actor() AND guard.manages(account_)
     AND path <@ guard.reach('{administrator,operator}')
$$;

CREATE FUNCTION guard.ask_role(
    id_ uuid, account_ uuid, role_ text, unit_ uuid, begins_ date, ends_ date) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE path_ ltree := (SELECT u.path FROM unit u WHERE u.id = unit_);
BEGIN
  PERFORM guard.require_fresh();
  IF guard.may_give(account_, path_) IS NOT TRUE THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  INSERT INTO role_request (id, account_id, role, unit_id, begins_on, ends_on, asked_by)
  VALUES (id_, account_, role_, unit_, begins_, ends_, guard.actor());
END $$;

CREATE FUNCTION guard.role_requests()
  RETURNS TABLE (id uuid, account_id uuid, login text, name text, role text, unit_name text,
                 begins_on date, ends_on date, asked_by uuid, asked_by_name text,
                 asked_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT q.id, q.account_id, a.login, a.name, q.role, u.name, q.begins_on, q.ends_on, q.asked_by,
         b.name, q.asked_at
    FROM role_request q JOIN account a ON a.id = q.account_id JOIN account b ON b.id = q.asked_by
    JOIN unit u ON u.id = q.unit_id
   WHERE q.decided_at IS NULL AND guard.may_give(q.account_id, u.path)
   ORDER BY q.asked_at, q.id
$$;

-- Whoever asked may take it back; giving takes somebody else.
CREATE FUNCTION guard.decide_role(request_ uuid, confirmed_ boolean) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  q role_request%ROWTYPE;
  path_ ltree;
BEGIN
  PERFORM guard.require_fresh();
  SELECT * INTO q FROM role_request r WHERE r.id = request_ AND r.decided_at IS NULL FOR UPDATE;
  SELECT u.path INTO path_ FROM unit u WHERE u.id = q.unit_id;
  IF q.id IS NULL OR guard.may_give(q.account_id, path_) IS NOT TRUE THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF confirmed_ AND q.asked_by = guard.actor() THEN
    RAISE check_violation USING MESSAGE = 'plumbline:second-hand';
  END IF;
  UPDATE role_request SET decided_by = guard.actor(), decided_at = now(), confirmed = confirmed_
   WHERE id = request_;
  IF confirmed_ THEN
    INSERT INTO role_held (id, account_id, role, unit_id, unit_path, begins_on, ends_on)
    VALUES (q.id, q.account_id, q.role, q.unit_id, path_,
            greatest(q.begins_on, current_date), q.ends_on);
  END IF;
END $$;
