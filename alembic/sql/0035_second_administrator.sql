-- What widens sight through an account takes two administrators, as roles do; whoever leaves leaves
-- their work where it is; and a new installation's first administrator comes by a one-use token.

-- Whether a second administrator confirmed this very change, in this very transaction.
CREATE FUNCTION guard.account_confirmed(account_ uuid, what_ text, value_ text) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM account_request q
                  WHERE q.account_id = account_ AND q.what = what_ AND q.value = value_
                    AND q.confirmed AND q.decided_at = now())
$$;

-- As before, and: clearance rises, an ended account comes back, and an account is tied to another
-- person (or to none) by two administrators, or by the operator at the command line. Whoever is
-- ended stands in for nobody any more, and nobody for them.
CREATE OR REPLACE FUNCTION guard.check_account() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  me uuid := guard.actor();
  manages boolean := guard.holds('{administrator,operator}');
BEGIN
  IF me IS NULL THEN RETURN NEW; END IF;  -- the owner's own hand: installing, restoring
  IF TG_OP = 'INSERT' THEN
    IF (NEW.clearance > 0 OR NOT NEW.active) AND NOT guard.at_command() THEN
      RAISE check_violation USING MESSAGE = 'plumbline:second-administrator';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.id <> OLD.id OR NEW.login <> OLD.login THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF (NOT manages AND (to_jsonb(NEW) - '{locale,version}'::text[])
                      <> (to_jsonb(OLD) - '{locale,version}'::text[]))
     OR (NEW.id = me AND (NEW.clearance <> OLD.clearance OR NEW.active <> OLD.active
                          OR NEW.person_id IS DISTINCT FROM OLD.person_id)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF ((NEW.clearance > OLD.clearance
       AND NOT guard.account_confirmed(NEW.id, 'clearance', NEW.clearance::text))
      OR (NEW.active AND NOT OLD.active
          AND NOT guard.account_confirmed(NEW.id, 'active', 'true'))
      OR (NEW.person_id IS DISTINCT FROM OLD.person_id
          AND NOT guard.account_confirmed(NEW.id, 'person', coalesce(NEW.person_id::text, ''))))
     AND NOT guard.at_command() THEN
    RAISE check_violation USING MESSAGE = 'plumbline:second-administrator';
  END IF;
  IF OLD.active AND NOT NEW.active THEN
    UPDATE session SET ended_at = now() WHERE account_id = NEW.id AND ended_at IS NULL;
    UPDATE password_link SET used_at = now() WHERE account_id = NEW.id AND used_at IS NULL;
    UPDATE role_held r SET ends_on = greatest(current_date, r.begins_on) FROM delegation d
     WHERE d.id = r.delegation_id AND NEW.id IN (d.from_id, d.to_id) AND d.ended_on IS NULL
       AND r.ends_on > current_date;
    UPDATE delegation SET ended_on = current_date
     WHERE NEW.id IN (from_id, to_id) AND ended_on IS NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER first_limits BEFORE INSERT ON account
  FOR EACH ROW EXECUTE FUNCTION guard.check_account();

CREATE FUNCTION guard.ask_account(id_ uuid, account_ uuid, what_ text, value_ text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE a account%ROWTYPE;
BEGIN
  PERFORM guard.require_fresh();
  SELECT * INTO a FROM account x WHERE x.id = account_;
  IF a.id IS NULL OR account_ = guard.actor() OR NOT guard.manages(account_) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF NOT (CASE what_
      WHEN 'clearance' THEN value_ IN ('1', '2') AND value_::integer > a.clearance
      WHEN 'active' THEN value_ = 'true' AND NOT a.active
      WHEN 'person' THEN value_ <> coalesce(a.person_id::text, '')
        AND (value_ = '' OR EXISTS (SELECT 1 FROM person p WHERE p.id::text = value_))
      ELSE false END) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:nothing-to-confirm';
  END IF;
  INSERT INTO account_request (id, account_id, what, value, asked_by)
  VALUES (id_, account_, what_, value_, guard.actor());
END $$;

CREATE FUNCTION guard.account_requests()
  RETURNS TABLE (id uuid, account_id uuid, login text, name text, what text, value text,
                 asked_by uuid, asked_by_name text, asked_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT q.id, q.account_id, a.login, a.name, q.what, q.value, q.asked_by, b.name, q.asked_at
    FROM account_request q JOIN account a ON a.id = q.account_id JOIN account b ON b.id = q.asked_by
   WHERE q.decided_at IS NULL AND q.account_id <> guard.actor() AND guard.manages(q.account_id)
   ORDER BY q.asked_at, q.id
$$;

-- Whoever asked may take it back; confirming takes somebody else.
CREATE FUNCTION guard.decide_account(request_ uuid, confirmed_ boolean) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE q account_request%ROWTYPE;
BEGIN
  PERFORM guard.require_fresh();
  SELECT * INTO q FROM account_request r WHERE r.id = request_ AND r.decided_at IS NULL FOR UPDATE;
  IF q.id IS NULL OR q.account_id = guard.actor() OR NOT guard.manages(q.account_id) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF confirmed_ AND q.asked_by = guard.actor() THEN
    RAISE check_violation USING MESSAGE = 'plumbline:second-administrator';
  END IF;
  UPDATE account_request SET decided_by = guard.actor(), decided_at = now(), confirmed = confirmed_
   WHERE id = request_;
  IF confirmed_ THEN
    UPDATE account a SET version = a.version + 1,
           clearance = CASE q.what WHEN 'clearance' THEN q.value::integer ELSE a.clearance END,
           active = a.active OR q.what = 'active',
           person_id = CASE q.what WHEN 'person' THEN nullif(q.value, '')::uuid ELSE a.person_id END
     WHERE a.id = q.account_id;
  END IF;
END $$;

-- Whoever gave themselves another administrator's password would confirm what they asked for: the
-- passwords and second factors of administrators are renewed at the command line.
CREATE FUNCTION guard.spare_administrators(account_ uuid) RETURNS void
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF account_ IS DISTINCT FROM guard.actor() AND NOT guard.at_command()
     AND EXISTS (SELECT 1 FROM credential c WHERE c.account_id = account_)
     AND EXISTS (SELECT 1 FROM role_held r WHERE r.account_id = account_
                    AND r.role IN ('administrator', 'operator')
                    AND (r.ends_on IS NULL OR r.ends_on > current_date)) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:at-command';
  END IF;
END $$;

-- Leavers ------------------------------------------------------------------------------------------
-- What an ended account still holds, on matters that the actor heads: a place on a team, a request
-- that waits, custody of money, something sealed that was released or asked for. Asked each time,
-- never copied: nothing moves until somebody hands it over.
CREATE FUNCTION guard.left_over()
  RETURNS TABLE (account_id uuid, name text, unit_name text, matter_id uuid, what text, since date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH gone AS MATERIALIZED (
    SELECT a.id, a.name, u.name AS unit_name FROM account a LEFT JOIN unit u ON u.id = a.unit_id
     WHERE NOT a.active),
  found AS (
    SELECT t.account_id, t.matter_id,
           CASE t.part WHEN 'lead_handler' THEN 'handler' ELSE 'member' END AS what,
           t.begins_on AS since
      FROM gone g JOIN team_member t ON t.account_id = g.id AND t.ends_on IS NULL
    UNION ALL
    SELECT q.requested_by, q.matter_id, 'request', q.requested_on
      FROM gone g JOIN request q ON q.requested_by = g.id AND q.status = 'open'
    UNION ALL
    SELECT f.kept_by, f.id, 'custody', m.opened_on
      FROM gone g JOIN fund_item f ON f.kept_by = g.id JOIN matter m ON m.id = f.id
    UNION ALL
    SELECT r.requested_by, r.petition_id, 'release', r.requested_at::date
      FROM gone g JOIN release r ON r.requested_by = g.id
       AND (r.decided_by IS NULL OR (r.ended_at IS NULL AND r.opens_until > now())))
  SELECT g.id, g.name, g.unit_name, f.matter_id, f.what, f.since
    FROM found f JOIN gone g ON g.id = f.account_id JOIN matter m ON m.id = f.matter_id
   WHERE m.closed_on IS NULL AND guard.heads(f.matter_id) AND guard.reads_content()
$$;

-- Matters of the actor's whose handler left, and whose nearest heads are all kept off, not cleared,
-- or gone: somebody above must hand them over.
CREATE FUNCTION guard.left_to_nobody() RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT t.matter_id
    FROM account a JOIN team_member t ON t.account_id = a.id AND t.ends_on IS NULL
    JOIN matter m ON m.id = t.matter_id AND m.closed_on IS NULL
   WHERE NOT a.active AND t.part = 'lead_handler'
     AND EXISTS (SELECT 1 FROM team_member o JOIN account b ON b.id = o.account_id AND b.active
                  WHERE o.matter_id = t.matter_id AND o.ends_on IS NULL)
     AND NOT EXISTS (
       SELECT 1 FROM guard.heads_of(t.matter_id) h
        WHERE h.rank = 1 AND h.cleared
          AND NOT t.matter_id IN (SELECT guard.walls_of(h.account_id)))
     AND guard.works_on(t.matter_id) AND guard.reads_content()
$$;

-- The first administrator --------------------------------------------------------------------------

CREATE FUNCTION guard.has_administrator() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM role_held r JOIN account a ON a.id = r.account_id AND a.active
                  WHERE r.role = 'administrator'
                    AND (r.ends_on IS NULL OR r.ends_on > current_date))
$$;

-- A token for the first administrator, by the operator at the command line; earlier ones end.
-- False where there is an administrator already.
CREATE FUNCTION guard.make_first_token(token text, lifetime interval) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.at_command() THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  PERFORM pg_advisory_xact_lock(4157);
  IF guard.has_administrator() THEN RETURN false; END IF;
  DELETE FROM first_token;
  INSERT INTO first_token (token_hash, expires_at)
  VALUES (sha256(convert_to(token, 'UTF8')), now() + least(lifetime, interval '7 days'));
  RETURN true;
END $$;

CREATE FUNCTION guard.first_token_works(token text) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM first_token t WHERE t.token_hash = sha256(convert_to(token, 'UTF8'))
                    AND t.expires_at > now()) AND NOT guard.has_administrator()
$$;

-- Two at once take turns, and the second finds the token gone.
CREATE FUNCTION guard.redeem_first_token(
    token text, account_ uuid, login_ text, name_ text, locale_ text, salt_ text, encoded text)
  RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(4157);
  IF NOT guard.first_token_works(token) THEN RETURN false; END IF;
  DELETE FROM first_token;
  INSERT INTO account (id, login, name, locale) VALUES (account_, login_, name_, locale_);
  INSERT INTO role_held (id, account_id, role, unit_path, begins_on)
  VALUES (gen_random_uuid(), account_, 'administrator', '', current_date);
  INSERT INTO credential (account_id, salt, verifier)
  VALUES (account_, salt_, sha256(convert_to(encoded, 'UTF8')));
  RETURN true;
END $$;
