-- Each petition's reporter stands under a data key of its own, which the key file's key wraps: a
-- rotation wraps it anew, and what it seals is never opened for that.

-- Whether the actor keeps a petition's reporter: its intake officer and the head of petitions, but
-- for whom a wall keeps off it, or who waits for a decision on it.
CREATE FUNCTION guard.keeps_reporter(petition_ uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM matter m WHERE m.id = petition_ AND m.kind = 'petition'
                    AND m.unit_path <@ guard.reach('{intake_officer,petitions_head}')
                    AND NOT m.id IN (SELECT unnest(guard.walled())))
     AND NOT guard.read_undecided(petition_)
$$;

-- That a sealed reporter was read, by whom, and by which release if it wasn't intake.
CREATE FUNCTION guard.write_sealed_reading(petition_ uuid, table_ text, release_ uuid)
  RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO audit_event (at, id, matter_id, table_name, row_id, op, actor_id, use_case,
                           request_id, database_user, changes)
  VALUES (now(), gen_random_uuid(), petition_, table_, petition_, 'READ',
          guard.actor(), nullif(current_setting('plumbline.use_case', true), ''),
          nullif(current_setting('plumbline.request', true), ''), session_user,
          CASE WHEN release_ IS NULL THEN '{}'::jsonb
               ELSE jsonb_build_object('release', release_) END)
$$;

DROP FUNCTION guard.read_reporter(uuid);
CREATE FUNCTION guard.read_reporter(petition_ uuid)
  RETURNS TABLE (key_id text, wrapped bytea, sealed bytea)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.keeps_reporter(petition_) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  PERFORM guard.write_sealed_reading(petition_, 'reporter_identity', NULL);
  RETURN QUERY SELECT r.key_id, r.wrapped, r.sealed FROM reporter_identity r
   WHERE r.petition_id = petition_;
END $$;
