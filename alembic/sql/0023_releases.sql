-- What is sealed of a petition, the reporter and the original wording, is released to one person:
-- for a reason, by a custodian who isn't that person, and for a time. Each reading is an event.

-- The original wording, for who keeps the petition's reporter; others read the checked summary.
CREATE FUNCTION guard.read_wording(petition_ uuid) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.content FROM petition p WHERE p.id = petition_ AND guard.keeps_reporter(petition_)
$$;

-- Who decides on releases: the head of petitions and the chief, over the petition's unit.
CREATE FUNCTION guard.is_custodian(petition_ uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM matter m WHERE m.id = petition_ AND m.kind = 'petition'
                    AND m.unit_path <@ guard.reach('{petitions_head,chief}'))
     AND guard.works_on(petition_) AND NOT guard.read_undecided(petition_)
$$;

CREATE FUNCTION guard.ask_release(
    release_ uuid, petition_ uuid, reporter_ boolean, wording_ boolean, reason_ text)
  RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.works_on(petition_)
     OR NOT EXISTS (SELECT 1 FROM petition p WHERE p.id = petition_) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF guard.keeps_reporter(petition_) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:keeps-it';
  END IF;
  INSERT INTO release (id, petition_id, reporter, wording, requested_by, reason)
  VALUES (release_, petition_, reporter_, wording_, guard.actor(), reason_);
END $$;

CREATE FUNCTION guard.decide_release(
    release_ uuid, approved_ boolean, decision_ text, until_ timestamptz) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r release%ROWTYPE;
BEGIN
  PERFORM guard.require_fresh();
  SELECT * INTO r FROM release x WHERE x.id = release_ FOR UPDATE;
  IF NOT FOUND OR r.decided_by IS NOT NULL OR NOT guard.is_custodian(r.petition_id) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  -- Whom a wall keeps off it meanwhile, or may yet. Which of the two is not said.
  IF approved_ AND (
      EXISTS (SELECT 1 FROM guard.walled_from(r.petition_id) w
               WHERE w.account_id = r.requested_by)
      OR EXISTS (SELECT 1 FROM guard.undecided_links(r.requested_by) u
                  WHERE u.matter_id = r.petition_id)) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:not-to-be-granted';
  END IF;
  UPDATE release x SET decided_by = guard.actor(), approved = approved_, decision = decision_,
         decided_at = now(), opens_until = CASE WHEN approved_ THEN until_ END
   WHERE x.id = release_;
END $$;

-- Before its time: by who reads it, or by a custodian.
CREATE FUNCTION guard.end_release(release_ uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE release x SET ended_at = now()
   WHERE x.id = release_ AND x.ended_at IS NULL AND x.opens_until > now()
     AND guard.works_on(x.petition_id)
     AND (x.requested_by = guard.actor() OR guard.is_custodian(x.petition_id));
  RETURN FOUND;
END $$;

-- What of a petition's seal was asked for, for who asked, decides, or keeps it; of all petitions
-- what waits for the actor's decision, and what they may read.
CREATE FUNCTION guard.releases(petition_ uuid)
  RETURNS TABLE (id uuid, petition_id uuid, reporter boolean, wording boolean, requested_by uuid,
                 requester text, reason text, requested_at timestamptz, decider text,
                 approved boolean, decision text, decided_at timestamptz, opens_until timestamptz,
                 ended_at timestamptz, readings bigint, decidable boolean, readable boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH found AS (
    SELECT r.*, r.requested_by = guard.actor() AS mine, guard.is_custodian(r.petition_id) AS decides
      FROM release r
     WHERE CASE WHEN petition_ IS NOT NULL THEN r.petition_id = petition_
                ELSE r.decided_by IS NULL
                  OR (r.requested_by = guard.actor() AND r.opens_until > now()) END
       AND guard.works_on(r.petition_id))
  SELECT f.id, f.petition_id, f.reporter, f.wording, f.requested_by, a.name, f.reason,
         f.requested_at, b.name, f.approved, f.decision, f.decided_at, f.opens_until, f.ended_at,
         (SELECT count(*) FROM audit_event e WHERE e.matter_id = f.petition_id AND e.op = 'READ'
             AND e.changes ->> 'release' = f.id::text AND e.at >= f.decided_at),
         f.decides AND NOT f.mine AND f.decided_by IS NULL,
         f.mine AND f.ended_at IS NULL AND coalesce(f.opens_until > now(), false)
           AND NOT guard.read_undecided(f.petition_id)
    FROM found f JOIN account a ON a.id = f.requested_by LEFT JOIN account b ON b.id = f.decided_by
   WHERE CASE WHEN petition_ IS NULL THEN f.mine OR f.decides
              ELSE f.mine OR f.decides OR guard.keeps_reporter(f.petition_id) END
   ORDER BY f.requested_at
$$;

CREATE FUNCTION guard.read_released(release_ uuid)
  RETURNS TABLE (petition_id uuid, reporter boolean, wording boolean, key_id text, wrapped bytea,
                 sealed bytea, content text)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r release%ROWTYPE;
BEGIN
  SELECT * INTO r FROM release x WHERE x.id = release_ AND x.requested_by = guard.actor();
  IF NOT FOUND OR NOT guard.works_on(r.petition_id) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF r.approved IS NOT TRUE OR r.ended_at IS NOT NULL OR r.opens_until <= now()
     OR guard.read_undecided(r.petition_id) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:not-released';
  END IF;
  PERFORM guard.require_fresh();
  PERFORM guard.write_sealed_reading(r.petition_id, 'release', r.id);
  RETURN QUERY
    SELECT r.petition_id, r.reporter, r.wording, i.key_id, i.wrapped, i.sealed,
           CASE WHEN r.wording THEN p.content END
      FROM petition p
      LEFT JOIN reporter_identity i ON i.petition_id = p.id AND r.reporter
     WHERE p.id = r.petition_id;
END $$;
