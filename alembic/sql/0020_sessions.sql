-- Sessions that their owner sees and ends, that grow idle, and that prove who sits there.

-- Used at the latest: written at most once a minute, and in a row apart, so that ending a session
-- never waits for a long transaction of that very session.
CREATE FUNCTION guard.stamp_session(session_ uuid) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE session_use SET used_at = now() WHERE session_id = (
    SELECT u.session_id FROM session_use u
     WHERE u.session_id = session_ AND u.used_at < now() - interval '1 minute'
       FOR UPDATE SKIP LOCKED)
$$;

-- Whether whoever sits there proved a short while ago that they are who they say.
CREATE FUNCTION guard.fresh() RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN coalesce((guard.scope() ->> 'fresh')::boolean, false);
END $$;

CREATE FUNCTION guard.require_fresh() RETURNS void
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.fresh() THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:fresh-authentication';
  END IF;
END $$;

-- Rights: nobody gives or takes them from a session that was left open. The owner's own hand and
-- what a guard's function does for the day's order (delegations that end) have no session.
CREATE FUNCTION guard.check_rights() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF guard.actor() IS NOT NULL AND NEW.delegation_id IS NULL THEN
    PERFORM guard.require_fresh();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fresh BEFORE INSERT OR UPDATE ON role_held
  FOR EACH ROW EXECUTE FUNCTION guard.check_rights();

-- Signing in. Failures are counted by name, and by the address that they come from. Whoever comes
-- with a browser that this account signed in with before is counted apart from both: strangers
-- who guess lock nobody out. An address is kept as a keyed hash, for an hour.
CREATE FUNCTION guard.subject(words text) RETURNS bytea
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT sha256(p.secret || convert_to(words, 'UTF8')) FROM guard.pepper p
$$;

CREATE FUNCTION guard.failures(subject_ bytea) RETURNS bigint
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*) FROM sign_in_attempt t
   WHERE t.subject = subject_ AND t.at > now() - interval '15 minutes'
$$;

CREATE FUNCTION guard.sign_in(
    login_given text, encoded text, new_id uuid, secret text, lifetime interval,
    kind_ text DEFAULT 'command', idle interval DEFAULT NULL, fresh interval DEFAULT NULL,
    address text DEFAULT NULL, browser text DEFAULT NULL)
  RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  lasts interval := least(lifetime, interval '24 hours');
  subject_ bytea := guard.subject(lower(login_given));
  origin_ bytea := guard.subject('from ' || address);
  browser_ bytea := sha256(convert_to(browser, 'UTF8'));
  known boolean;
  account_ uuid;
BEGIN
  SELECT EXISTS (SELECT 1 FROM known_browser k JOIN account a ON a.id = k.account_id
                  WHERE k.token_hash = browser_ AND a.login = login_given
                    AND k.expires_at > now()) INTO known;
  IF known THEN
    subject_ := guard.subject('at ' || browser || ' ' || lower(login_given));
    origin_ := NULL;
  END IF;
  IF guard.failures(subject_) >= 10 OR guard.failures(origin_) >= 100 THEN
    RETURN 'throttled';
  END IF;
  SELECT a.id INTO account_ FROM account a JOIN credential c ON c.account_id = a.id
   WHERE a.login = login_given AND a.active
     AND c.verifier = sha256(convert_to(encoded, 'UTF8'));
  IF account_ IS NULL THEN
    DELETE FROM sign_in_attempt t WHERE t.at < now() - interval '1 hour';
    INSERT INTO sign_in_attempt (id, subject)
    SELECT gen_random_uuid(), each_ FROM unnest(ARRAY[subject_, origin_]) AS each_
     WHERE each_ IS NOT NULL;
    RETURN 'refused';
  END IF;
  DELETE FROM sign_in_attempt t WHERE t.subject = subject_;
  INSERT INTO session (id, account_id, secret_hash, expires_at, kind, idle_limit, fresh_until)
  VALUES (new_id, account_, sha256(convert_to(secret, 'UTF8')), now() + lasts, kind_,
          least(coalesce(idle, lasts), lasts), now() + least(coalesce(fresh, lasts), lasts));
  INSERT INTO session_use (session_id, used_at) VALUES (new_id, now());
  IF browser_ IS NOT NULL THEN
    INSERT INTO known_browser AS k (token_hash, account_id, expires_at)
    VALUES (browser_, account_, now() + interval '180 days')
    ON CONFLICT (token_hash, account_id) DO UPDATE SET expires_at = excluded.expires_at;
  END IF;
  RETURN 'opened';
END $$;

-- The same person again, in a session that lives. Failures here are counted for this session
-- alone, and the tenth ends it. The session goes on under a new secret.
CREATE FUNCTION guard.confirm_password(encoded text, new_secret text, fresh interval)
  RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  session_ uuid := (guard.scope() ->> 'session')::uuid;
  subject_ bytea := guard.subject('again ' || session_);
BEGIN
  IF session_ IS NULL THEN RETURN 'refused'; END IF;
  IF NOT EXISTS (SELECT 1 FROM credential c WHERE c.account_id = guard.actor()
                    AND c.verifier = sha256(convert_to(encoded, 'UTF8'))) THEN
    INSERT INTO sign_in_attempt (id, subject) VALUES (gen_random_uuid(), subject_);
    IF guard.failures(subject_) >= 10 THEN
      UPDATE session SET ended_at = now() WHERE id = session_ AND ended_at IS NULL;
      RETURN 'ended';
    END IF;
    RETURN 'refused';
  END IF;
  DELETE FROM sign_in_attempt t WHERE t.subject = subject_;
  UPDATE session s SET secret_hash = sha256(convert_to(new_secret, 'UTF8')),
         fresh_until = least(now() + least(fresh, interval '1 hour'), s.expires_at)
   WHERE s.id = session_ AND s.ended_at IS NULL;
  RETURN 'confirmed';
END $$;

CREATE FUNCTION guard.my_sessions()
  RETURNS TABLE (id uuid, kind text, opened_at timestamptz, used_at timestamptz,
                 ends_at timestamptz, current boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.id, s.kind, s.opened_at, u.used_at, least(s.expires_at, u.used_at + s.idle_limit),
         s.id = (guard.scope() ->> 'session')::uuid
    FROM session s JOIN session_use u ON u.session_id = s.id
   WHERE s.account_id = guard.actor() AND s.ended_at IS NULL
     AND least(s.expires_at, u.used_at + s.idle_limit) > now()
   ORDER BY u.used_at DESC, s.id
$$;

-- One of one's own; with no id all of them. How many ended.
CREATE FUNCTION guard.end_sessions(session_ uuid) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE met integer;
BEGIN
  UPDATE session SET ended_at = now()
   WHERE account_id = guard.actor() AND ended_at IS NULL AND (session_ IS NULL OR id = session_);
  GET DIAGNOSTICS met = ROW_COUNT;
  RETURN met;
END $$;

-- A program's token for the next token. Each is good once: whoever comes with a used one is not
-- the only one who has it, and the session ends for both.
CREATE FUNCTION guard.give_refresh(token text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO refresh_token (token_hash, session_id)
  SELECT sha256(convert_to(token, 'UTF8')), s.id FROM session s
   WHERE s.id = (guard.scope() ->> 'session')::uuid AND s.kind = 'program';
  IF NOT FOUND THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
END $$;

CREATE FUNCTION guard.refresh(token text, next_token text, new_secret text) RETURNS timestamptz
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  r refresh_token%ROWTYPE;
  ends_ timestamptz;
BEGIN
  SELECT * INTO r FROM refresh_token t
   WHERE t.token_hash = sha256(convert_to(token, 'UTF8')) FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF r.used_at IS NOT NULL THEN
    UPDATE session SET ended_at = now() WHERE id = r.session_id AND ended_at IS NULL;
    RETURN NULL;
  END IF;
  UPDATE session s SET secret_hash = sha256(convert_to(new_secret, 'UTF8'))
    FROM session_use u, account a
   WHERE s.id = r.session_id AND u.session_id = s.id AND a.id = s.account_id AND a.active
     AND s.ended_at IS NULL AND s.expires_at > now() AND u.used_at + s.idle_limit > now()
  RETURNING s.expires_at INTO ends_;
  IF ends_ IS NULL THEN RETURN NULL; END IF;
  UPDATE refresh_token SET used_at = now() WHERE token_hash = r.token_hash;
  INSERT INTO refresh_token (token_hash, session_id)
  VALUES (sha256(convert_to(next_token, 'UTF8')), r.session_id);
  PERFORM guard.stamp_session(r.session_id);
  RETURN ends_;
END $$;
