-- Keys for programs: sessions that live for months, hold a part of what their owner holds, and are
-- never fresh. A key that only reads enters transactions that only read.

CREATE FUNCTION guard.make_key(
    id_ uuid, secret text, name_ text, scope_ text[], lifetime interval) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM guard.require_fresh();
  INSERT INTO session (id, account_id, secret_hash, expires_at, kind, name, scope, idle_limit,
                       fresh_until)
  VALUES (id_, guard.actor(), sha256(convert_to(secret, 'UTF8')),
          now() + least(lifetime, interval '366 days'), 'key', name_, scope_,
          interval '366 days', now());
  INSERT INTO session_use (session_id, used_at) VALUES (id_, now());
END $$;

CREATE FUNCTION guard.my_keys()
  RETURNS TABLE (id uuid, name text, scope text[], made_at timestamptz, used_at timestamptz,
                 ends_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.id, s.name, s.scope, s.opened_at, nullif(u.used_at, s.opened_at), s.expires_at
    FROM session s JOIN session_use u ON u.session_id = s.id
   WHERE s.account_id = guard.actor() AND s.kind = 'key' AND s.ended_at IS NULL
     AND s.expires_at > now()
   ORDER BY s.opened_at DESC, s.id
$$;

-- Whether a key's scope lets it write anything.
CREATE FUNCTION guard.only_reads(scope_ text[]) RETURNS boolean
  LANGUAGE sql IMMUTABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT NOT EXISTS (SELECT 1 FROM unnest(scope_) AS each_ WHERE each_ NOT LIKE '%:read')
$$;
