-- Passkeys. What an authenticator answers is checked by the application, as a code is: the database
-- can check no such signature. It sees to it that a challenge counts once, in the session that it
-- was made for and not for long, that a session which waits opens nothing, and that a passkey whose
-- counter went back lets nobody in. None opens a session by itself: that would take the
-- application's word alone, where a password takes a proof that only its owner can give.

-- One that is doubted counts as well: else whoever copied it would have made the password enough.
CREATE OR REPLACE FUNCTION guard.has_factor(account_ uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM second_factor f
                  WHERE f.account_id = account_ AND f.confirmed_at IS NOT NULL)
      OR EXISTS (SELECT 1 FROM passkey p WHERE p.account_id = account_)
$$;

CREATE OR REPLACE FUNCTION guard.drop_factor(account_ uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE met boolean;
BEGIN
  PERFORM guard.require_fresh();
  IF account_ IS DISTINCT FROM guard.actor() AND NOT guard.manages(account_) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  DELETE FROM second_factor WHERE account_id = account_;
  met := FOUND;
  -- For who lost everything, everything.
  IF account_ IS DISTINCT FROM guard.actor() THEN
    DELETE FROM passkey WHERE account_id = account_;
    met := met OR FOUND;
  END IF;
  IF NOT guard.has_factor(account_) THEN
    DELETE FROM recovery_code WHERE account_id = account_;
  END IF;
  IF NOT met THEN RETURN false; END IF;
  UPDATE session SET ended_at = now() WHERE account_id = account_ AND ended_at IS NULL
     AND id <> (guard.scope() ->> 'session')::uuid;
  RETURN true;
END $$;

CREATE OR REPLACE FUNCTION guard.factor_since(account_ uuid) RETURNS timestamptz
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT least((SELECT f.confirmed_at FROM second_factor f WHERE f.account_id = account_),
               (SELECT min(p.made_at) FROM passkey p WHERE p.account_id = account_))
   WHERE account_ = guard.actor() OR guard.manages(account_)
$$;

-- What a session that waits may go on with.
CREATE FUNCTION guard.waiting_ways(secret text) RETURNS TABLE (code boolean, passkey boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.sealed IS NOT NULL,
         EXISTS (SELECT 1 FROM passkey p
                  WHERE p.account_id = w.account_id AND p.doubted_at IS NULL)
    FROM guard.waiting_factor(secret) w
$$;

-- Whose challenge it is: of the session that acts, or, by its secret, of one that waits.
CREATE FUNCTION guard.challenged(secret text) RETURNS TABLE (session_id uuid, account_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (guard.scope() ->> 'session')::uuid, guard.actor()
   WHERE secret IS NULL AND guard.actor() IS NOT NULL AND guard.scope() ->> 'session' IS NOT NULL
  UNION ALL
  SELECT s.id, w.account_id FROM guard.waiting_factor(secret) w
    JOIN session s ON s.secret_hash = sha256(convert_to(secret, 'UTF8'))
   WHERE secret IS NOT NULL
$$;

-- A challenge takes the place of the session's former one. Returns the passkeys that may answer.
CREATE FUNCTION guard.ask_passkey(purpose_ text, challenge_ bytea, secret text DEFAULT NULL)
  RETURNS TABLE (credential_id bytea, transports text[])
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE it record;
BEGIN
  IF purpose_ = 'register' THEN PERFORM guard.require_fresh(); END IF;
  IF (purpose_ = 'sign_in') <> (secret IS NOT NULL) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  SELECT * INTO it FROM guard.challenged(secret);
  IF NOT FOUND THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  INSERT INTO passkey_challenge AS c (session_id, purpose, challenge)
  VALUES (it.session_id, purpose_, challenge_)
  ON CONFLICT (session_id) DO UPDATE
     SET purpose = excluded.purpose, challenge = excluded.challenge, made_at = now();
  RETURN QUERY SELECT p.credential_id, p.transports FROM passkey p
   WHERE p.account_id = it.account_id AND (p.doubted_at IS NULL OR purpose_ = 'register')
   ORDER BY p.made_at, p.id;
END $$;

-- The challenge, once, and the passkey that is said to answer it if it is one of theirs.
CREATE FUNCTION guard.take_challenge(purpose_ text, credential bytea, secret text DEFAULT NULL)
  RETURNS TABLE (account_id uuid, challenge bytea, passkey_id uuid, public_key bytea)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  it record;
  held passkey_challenge%ROWTYPE;
BEGIN
  SELECT * INTO it FROM guard.challenged(secret);
  IF NOT FOUND THEN RETURN; END IF;
  DELETE FROM passkey_challenge c WHERE c.session_id = it.session_id AND c.purpose = purpose_
  RETURNING * INTO held;
  IF NOT FOUND OR held.made_at < now() - interval '5 minutes' THEN RETURN; END IF;
  RETURN QUERY SELECT it.account_id, held.challenge, p.id, p.public_key FROM (VALUES (1)) AS one (n)
    LEFT JOIN passkey p ON p.account_id = it.account_id AND p.credential_id = credential
                       AND p.doubted_at IS NULL;
END $$;

-- `passed`, `refused`, or `doubted`: its counter is not beyond the last one, so that two have it.
-- Authenticators without a counter always say 0.
CREATE FUNCTION guard.use_passkey(passkey_ uuid, account_ uuid, count_ bigint) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE held bigint;
BEGIN
  SELECT u.sign_count INTO held FROM passkey p JOIN passkey_use u ON u.passkey_id = p.id
   WHERE p.id = passkey_ AND p.account_id = account_ AND p.doubted_at IS NULL FOR UPDATE OF u;
  IF NOT FOUND THEN RETURN 'refused'; END IF;
  IF greatest(count_, held) > 0 AND count_ <= held THEN
    PERFORM set_config('plumbline.use_case', 'passkeys.doubt', true);
    UPDATE passkey SET doubted_at = now() WHERE id = passkey_;
    RETURN 'doubted';
  END IF;
  UPDATE passkey_use SET sign_count = count_, used_at = now() WHERE passkey_id = passkey_;
  RETURN 'passed';
END $$;

CREATE FUNCTION guard.pass_passkey(
    secret text, passkey_ uuid, count_ bigint, new_secret text, fresh interval) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  account_ uuid := (SELECT w.account_id FROM guard.waiting_factor(secret) w);
  result text := guard.use_passkey(passkey_, account_, count_);
BEGIN
  IF result <> 'passed' THEN RETURN result; END IF;
  UPDATE session s SET pending = false, secret_hash = sha256(convert_to(new_secret, 'UTF8')),
         fresh_until = least(now() + least(fresh, interval '1 hour'), s.expires_at)
   WHERE s.secret_hash = sha256(convert_to(secret, 'UTF8'));
  RETURN 'passed';
END $$;

-- The same person again, in a session that lives; it goes on under a new secret.
CREATE FUNCTION guard.confirm_passkey(
    passkey_ uuid, count_ bigint, new_secret text, fresh interval) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE result text := guard.use_passkey(passkey_, guard.actor(), count_);
BEGIN
  IF result <> 'passed' THEN RETURN result; END IF;
  UPDATE session s SET secret_hash = sha256(convert_to(new_secret, 'UTF8')),
         fresh_until = least(now() + least(fresh, interval '1 hour'), s.expires_at)
   WHERE s.id = (guard.scope() ->> 'session')::uuid AND s.ended_at IS NULL;
  IF NOT FOUND THEN RETURN 'refused'; END IF;
  RETURN 'passed';
END $$;

-- One's own -------------------------------------------------------------------------------

CREATE FUNCTION guard.my_passkeys()
  RETURNS TABLE (id uuid, name text, verifies boolean, made_at timestamptz,
                 used_at timestamptz, doubted_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.id, p.name, p.verifies, p.made_at, u.used_at, p.doubted_at
    FROM passkey p JOIN passkey_use u ON u.passkey_id = p.id
   WHERE p.account_id = guard.actor() ORDER BY p.made_at, p.id
$$;

-- True where it is the account's first second factor: then the recovery codes are taken, and
-- whoever is signed in elsewhere, without it, is so no longer.
CREATE FUNCTION guard.add_passkey(
    id_ uuid, name_ text, credential bytea, key bytea, count_ bigint, transports_ text[],
    verifies_ boolean, codes text[]) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  me uuid := guard.actor();
  first_ boolean := NOT guard.has_factor(me);
BEGIN
  PERFORM guard.require_fresh();
  IF (SELECT count(*) FROM passkey p WHERE p.account_id = me) >= 10 THEN
    RAISE check_violation USING MESSAGE = 'plumbline:many-passkeys';
  END IF;
  INSERT INTO passkey (id, account_id, name, credential_id, public_key, transports, verifies)
  VALUES (id_, me, name_, credential, key, transports_, verifies_);
  INSERT INTO passkey_use (passkey_id, sign_count) VALUES (id_, count_);
  IF first_ THEN
    PERFORM guard.renew_codes(codes);
    UPDATE session SET ended_at = now() WHERE account_id = me AND ended_at IS NULL
       AND id <> (guard.scope() ->> 'session')::uuid;
  END IF;
  RETURN first_;
END $$;

CREATE FUNCTION guard.rename_passkey(passkey_ uuid, name_ text) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE passkey SET name = name_ WHERE id = passkey_ AND account_id = guard.actor();
  RETURN FOUND;
END $$;

CREATE FUNCTION guard.drop_passkey(passkey_ uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := guard.actor();
BEGIN
  PERFORM guard.require_fresh();
  DELETE FROM passkey WHERE id = passkey_ AND account_id = me;
  IF NOT FOUND THEN RETURN false; END IF;
  IF NOT guard.has_factor(me) THEN
    DELETE FROM recovery_code WHERE account_id = me;
  END IF;
  UPDATE session SET ended_at = now() WHERE account_id = me AND ended_at IS NULL
     AND id <> (guard.scope() ->> 'session')::uuid;
  RETURN true;
END $$;
