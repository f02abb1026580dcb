-- A second factor. The codes are checked by the application, which alone holds the key that
-- unseals the secret; the database sees to it that a session that waits for its code opens nothing,
-- that no code counts twice, that guesses are counted, and that whoever must have a second factor
-- and has none holds no role until then.

CREATE FUNCTION guard.has_factor(account_ uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM second_factor f
                  WHERE f.account_id = account_ AND f.confirmed_at IS NOT NULL)
$$;

CREATE FUNCTION guard.lacks_factor(account_ uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
           SELECT 1 FROM factor_rule d JOIN role_held r ON r.role = d.role
            WHERE r.account_id = account_ AND r.begins_on <= current_date
              AND (r.ends_on IS NULL OR r.ends_on > current_date))
     AND NOT guard.has_factor(account_)
$$;

-- Whoever acts must have a second factor, and has none: they hold nothing and see no matter.
CREATE FUNCTION guard.bare() RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN coalesce((guard.scope() ->> 'bare')::boolean, false);
END $$;

CREATE FUNCTION guard.use_code(account_ uuid, step_ bigint, code text) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE factor_use SET last_step = step_ WHERE account_id = account_ AND last_step < step_;
  IF FOUND THEN RETURN true; END IF;
  UPDATE recovery_code SET used_at = now()
   WHERE account_id = account_ AND used_at IS NULL
     AND code_hash = sha256(convert_to(account_ || code, 'UTF8'));
  RETURN FOUND;
END $$;

-- What the application needs to check the code of a session that waits for it.
CREATE FUNCTION guard.waiting_factor(secret text)
  RETURNS TABLE (account_id uuid, sealed bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT f.account_id, f.sealed FROM session s
    JOIN account a ON a.id = s.account_id
    JOIN second_factor f ON f.account_id = a.id AND f.confirmed_at IS NOT NULL
   WHERE s.secret_hash = sha256(convert_to(secret, 'UTF8')) AND s.pending
     AND s.ended_at IS NULL AND s.opened_at > now() - interval '10 minutes' AND a.active
$$;

-- `step_` is the moment that the code belongs to, null where it belongs to none near now; then it
-- may be a recovery code. `passed`, `refused` or `throttled`.
CREATE FUNCTION guard.pass_factor(
    secret text, step_ bigint, code text, new_secret text, fresh interval) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  account_ uuid := (SELECT w.account_id FROM guard.waiting_factor(secret) w);
  subject_ bytea := guard.subject('code of ' || account_);
BEGIN
  IF account_ IS NULL THEN RETURN 'refused'; END IF;
  IF guard.failures(subject_) >= 10 THEN RETURN 'throttled'; END IF;
  IF NOT guard.use_code(account_, step_, code) THEN
    INSERT INTO sign_in_attempt (id, subject) VALUES (gen_random_uuid(), subject_);
    RETURN 'refused';
  END IF;
  DELETE FROM sign_in_attempt t WHERE t.subject = subject_;
  UPDATE session s SET pending = false, secret_hash = sha256(convert_to(new_secret, 'UTF8')),
         fresh_until = least(now() + least(fresh, interval '1 hour'), s.expires_at)
   WHERE s.secret_hash = sha256(convert_to(secret, 'UTF8'));
  RETURN 'passed';
END $$;

-- One's own -------------------------------------------------------------------------------

CREATE FUNCTION guard.my_factor()
  RETURNS TABLE (confirmed_at timestamptz, codes_left bigint, required boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (SELECT f.confirmed_at FROM second_factor f WHERE f.account_id = a.id),
         (SELECT count(*) FROM recovery_code c WHERE c.account_id = a.id AND c.used_at IS NULL),
         EXISTS (SELECT 1 FROM factor_rule d JOIN role_held r ON r.role = d.role
                  WHERE r.account_id = a.id AND r.begins_on <= current_date
                    AND (r.ends_on IS NULL OR r.ends_on > current_date))
    FROM account a WHERE a.id = guard.actor()
$$;

CREATE FUNCTION guard.begin_factor(sealed_ bytea) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := guard.actor();
BEGIN
  PERFORM guard.require_fresh();
  IF guard.has_factor(me) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:factor-there';
  END IF;
  INSERT INTO second_factor AS f (account_id, sealed) VALUES (me, sealed_)
  ON CONFLICT (account_id) DO UPDATE SET sealed = excluded.sealed, made_at = now();
END $$;

-- The secret that waits for its first code: nobody's else, and never once it is confirmed.
CREATE FUNCTION guard.begun_factor() RETURNS bytea
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT f.sealed FROM second_factor f
   WHERE f.account_id = guard.actor() AND f.confirmed_at IS NULL
$$;

CREATE FUNCTION guard.renew_codes(codes text[]) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := guard.actor();
BEGIN
  PERFORM guard.require_fresh();
  IF NOT guard.has_factor(me) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  DELETE FROM recovery_code WHERE account_id = me;
  INSERT INTO recovery_code (account_id, code_hash)
  SELECT me, sha256(convert_to(me || code, 'UTF8')) FROM unnest(codes) AS code;
END $$;

CREATE FUNCTION guard.confirm_factor(step_ bigint, codes text[]) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := guard.actor();
BEGIN
  PERFORM guard.require_fresh();
  UPDATE second_factor SET confirmed_at = now() WHERE account_id = me AND confirmed_at IS NULL;
  IF NOT FOUND THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  INSERT INTO factor_use AS u (account_id, last_step) VALUES (me, step_)
  ON CONFLICT (account_id) DO UPDATE SET last_step = greatest(u.last_step, excluded.last_step);
  PERFORM guard.renew_codes(codes);
  -- Whoever is signed in elsewhere did so without it.
  UPDATE session SET ended_at = now() WHERE account_id = me AND ended_at IS NULL
     AND id <> (guard.scope() ->> 'session')::uuid;
END $$;

-- Somebody's own, or by an administrator for who lost theirs: gone, never read. `last_step` stays,
-- so that no code counts again.
CREATE FUNCTION guard.drop_factor(account_ uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM guard.require_fresh();
  IF account_ IS DISTINCT FROM guard.actor() AND NOT guard.manages(account_) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  DELETE FROM recovery_code WHERE account_id = account_;
  DELETE FROM second_factor WHERE account_id = account_;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE session SET ended_at = now() WHERE account_id = account_ AND ended_at IS NULL
     AND id <> (guard.scope() ->> 'session')::uuid;
  RETURN true;
END $$;

CREATE FUNCTION guard.factor_since(account_ uuid) RETURNS timestamptz
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT f.confirmed_at FROM second_factor f
   WHERE f.account_id = account_ AND (account_ = guard.actor() OR guard.manages(account_))
$$;

-- By role ------------------------------------------------------------------------------------

CREATE FUNCTION guard.factor_roles() RETURNS text[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(d.role ORDER BY d.role), '{}') FROM factor_rule d
   WHERE guard.holds('{administrator,operator}')
$$;

CREATE FUNCTION guard.require_factor(roles text[]) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM guard.require_fresh();
  IF NOT coalesce((SELECT u.path FROM installation i JOIN unit u ON u.id = i.district_id),
                  ''::ltree) <@ guard.reach('{administrator,operator}') THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  DELETE FROM factor_rule WHERE NOT role = ANY (roles);
  INSERT INTO factor_rule (role, set_by) SELECT each_, guard.actor() FROM unnest(roles) AS each_
  ON CONFLICT (role) DO NOTHING;
END $$;
