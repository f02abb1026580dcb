-- Emergency reads: whoever would see a matter by their role, but for its place, its classification
-- or its team, declares that it can't wait. It opens for them alone, to be read, for some hours;
-- whoever heads it is told, and closes a review. A wall stands whatever is declared.

-- Whether one of an account's roles is of the kind that sees such a matter somewhere.
CREATE FUNCTION guard.could_see(account_ uuid, matter_ uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH held AS (
    SELECT r.role FROM role_held r JOIN account a ON a.id = r.account_id AND a.active
     WHERE r.account_id = account_ AND r.begins_on <= current_date
       AND (r.ends_on IS NULL OR r.ends_on > current_date))
  SELECT EXISTS (
      SELECT 1 FROM held h JOIN matter m ON m.id = matter_
       WHERE h.role IN ('chief', 'secretary', 'liaison', 'lead_manager', 'deputy',
                        'department_head', 'investigator')
          OR (h.role IN ('intake_officer', 'petitions_head') AND m.kind = 'petition')
          OR (h.role = 'inspector' AND m.kind = 'lead')
          OR (h.role IN ('adjudicator', 'adjudication_head') AND m.adjudicated)
          OR (h.role IN ('keeper', 'finance') AND m.kind = 'fund_item'))
    AND NOT EXISTS (SELECT 1 FROM held h
                     WHERE h.role IN ('administrator', 'operator', 'auditor', 'reporting_unit'))
$$;

-- Whether an emergency read is open to its reader at this moment.
CREATE FUNCTION guard.emergency_lasts(e emergency) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.ended_at IS NULL AND e.opens_until > now()
     AND NOT e.matter_id IN (SELECT guard.walls_of(e.account_id))
     AND guard.could_see(e.account_id, e.matter_id)
$$;

-- The id of the emergency read that the actor has now, or null where nothing of this number could
-- be opened to them: it doesn't exist, is walled off from them, or no role of theirs sees such a
-- matter. The three take the same road and are written down alike. What is looked for so is
-- limited, before anything is looked up: else numbers could be tried one after the other.
CREATE FUNCTION guard.declare_emergency(
    id_ uuid, kind_ text, number_ text, reason_ text, lasts interval, review_by_ date)
  RETURNS uuid
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  me uuid := guard.actor();
  matter_ uuid;
  kept_off boolean;
  could boolean;
  standing uuid;
BEGIN
  PERFORM guard.require_fresh();
  PERFORM pg_advisory_xact_lock(hashtextextended('emergency ' || me, 0));
  IF (SELECT count(*) FROM emergency_try t
       WHERE t.account_id = me AND t.at > now() - interval '24 hours') >= 3
     OR (SELECT count(*) FROM emergency e
          WHERE e.account_id = me AND e.reviewed_at IS NULL) >= 3 THEN
    RAISE check_violation USING MESSAGE = 'plumbline:emergencies-wait';
  END IF;
  SELECT m.id INTO matter_ FROM matter m
   WHERE m.kind = kind_ AND m.number = number_ ORDER BY m.id LIMIT 1;
  kept_off := matter_ IN (SELECT guard.walls_of(me));
  could := guard.could_see(me, matter_);
  IF matter_ IS NULL OR kept_off OR NOT could THEN
    INSERT INTO emergency_try (id, account_id, number, reason)
    VALUES (id_, me, number_, reason_);
    RETURN NULL;
  END IF;
  IF guard.works_on(matter_) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:sees-already';
  END IF;
  SELECT e.id INTO standing FROM emergency e
   WHERE e.account_id = me AND e.matter_id = matter_ AND guard.emergency_lasts(e);
  IF standing IS NOT NULL THEN RETURN standing; END IF;
  INSERT INTO emergency (id, matter_id, account_id, number, reason, opens_until, review_by)
  VALUES (id_, matter_, me, number_, reason_, now() + lasts, review_by_);
  RETURN id_;
END $$;

-- A reading, written down before anything opens: it commits on its own.
CREATE FUNCTION guard.write_emergency_reading(id_ uuid, emergency_ uuid) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE e emergency%ROWTYPE;
BEGIN
  PERFORM guard.require_fresh();
  SELECT * INTO e FROM emergency x WHERE x.id = emergency_ AND x.account_id = guard.actor()
     FOR SHARE;
  IF e.id IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF NOT guard.emergency_lasts(e) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:emergency-over';
  END IF;
  INSERT INTO emergency_reading (id, emergency_id, matter_id, account_id, session_id)
  VALUES (id_, e.id, e.matter_id, e.account_id, (guard.scope() ->> 'session')::uuid);
END $$;

-- Opens the matter of a reading that was written down just before, by this very session, for the
-- rest of this transaction, which from here on writes nothing.
CREATE FUNCTION guard.open_emergency(reading_ uuid) RETURNS uuid
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  e emergency%ROWTYPE;
  scope_ text;
BEGIN
  SELECT x.* INTO e FROM emergency_reading r JOIN emergency x ON x.id = r.emergency_id
   WHERE r.id = reading_ AND r.account_id = guard.actor()
     AND r.session_id = (guard.scope() ->> 'session')::uuid
     AND r.read_at < now() AND r.read_at > now() - interval '1 minute';
  IF e.id IS NULL OR NOT guard.emergency_lasts(e) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  scope_ := (guard.scope() || jsonb_build_object('emergency', e.matter_id))::text;
  PERFORM set_config('plumbline.scope', scope_, true),
          set_config('plumbline.seal', guard.sealed(scope_), true),
          set_config('transaction_read_only', 'on', true);
  RETURN e.matter_id;
END $$;

-- The matter that this transaction reads in an emergency. Only while it can't write: what was
-- copied out of a savepoint opens nothing to whoever could.
CREATE FUNCTION guard.emergency() RETURNS uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF current_setting('transaction_read_only') <> 'on' THEN RETURN NULL; END IF;
  RETURN (guard.scope() ->> 'emergency')::uuid;
END $$;

CREATE FUNCTION guard.end_emergency(emergency_ uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE emergency e SET ended_at = now()
   WHERE e.id = emergency_ AND e.account_id = guard.actor() AND e.ended_at IS NULL
     AND e.opens_until > now();
  RETURN FOUND;
END $$;

-- Who heads a matter, and how high: the department, petitions, adjudication and the lead manager
-- 1, the deputy 2, the chief 3, the superior's liaison 4. `cleared` where they may open it.
CREATE FUNCTION guard.heads_of(matter_ uuid)
  RETURNS TABLE (account_id uuid, rank integer, cleared boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, CASE r.role WHEN 'liaison' THEN 4 WHEN 'chief' THEN 3 WHEN 'deputy' THEN 2
                           ELSE 1 END,
         r.role IN ('chief', 'liaison') OR a.clearance >= m.classification
    FROM matter m LEFT JOIN fund_item f ON f.id = m.id LEFT JOIN matter o ON o.id = f.origin_id
    JOIN role_held r ON (
         (r.role IN ('lead_manager', 'deputy', 'chief', 'liaison') AND m.unit_path <@ r.unit_path)
      OR (r.role = 'department_head'
          AND coalesce(m.assigned_path, o.assigned_path) <@ r.unit_path)
      OR (r.role = 'petitions_head' AND m.kind = 'petition' AND m.unit_path <@ r.unit_path)
      OR (r.role = 'adjudication_head' AND m.adjudicated AND m.unit_path <@ r.unit_path))
    JOIN account a ON a.id = r.account_id AND a.active
   WHERE m.id = matter_ AND r.begins_on <= current_date
     AND (r.ends_on IS NULL OR r.ends_on > current_date)
$$;

-- Who may close the review: whoever heads the matter and stands above the reader in it, may open
-- it, and isn't walled off. `first` are the lowest of them: it is on their desk.
CREATE FUNCTION guard.emergency_reviewers(e emergency)
  RETURNS TABLE (account_id uuid, first boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH heads AS (SELECT * FROM guard.heads_of(e.matter_id)),
  reader AS (
    SELECT coalesce(max(h.rank), 0) AS rank FROM heads h WHERE h.account_id = e.account_id),
  able AS (
    SELECT h.account_id, max(h.rank) AS rank FROM heads h, reader
     WHERE h.cleared AND h.rank > reader.rank AND h.account_id <> e.account_id
       AND NOT e.matter_id IN (SELECT guard.walls_of(h.account_id))
       AND NOT EXISTS (
         SELECT 1 FROM role_held r WHERE r.account_id = h.account_id
            AND r.role IN ('administrator', 'operator', 'auditor', 'reporting_unit')
            AND (r.ends_on IS NULL OR r.ends_on > current_date))
     GROUP BY h.account_id)
  SELECT a.account_id, a.rank = (SELECT min(b.rank) FROM able b) FROM able a
$$;

-- Reviews that wait for the actor.
CREATE FUNCTION guard.emergencies_to_review()
  RETURNS TABLE (id uuid, matter_id uuid, reader text, reason text, declared_at timestamptz,
                 opens_until timestamptz, review_by date, lasts boolean, readings bigint,
                 first boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.id, e.matter_id, a.name, e.reason, e.declared_at, e.opens_until, e.review_by,
         guard.emergency_lasts(e),
         (SELECT count(*) FROM emergency_reading r WHERE r.emergency_id = e.id), w.first
    FROM emergency e JOIN account a ON a.id = e.account_id
    CROSS JOIN LATERAL guard.emergency_reviewers(e) w
   WHERE e.reviewed_at IS NULL AND w.account_id = guard.actor()
$$;

CREATE FUNCTION guard.review_emergency(emergency_ uuid, justified_ boolean, review_ text)
  RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE e emergency%ROWTYPE;
BEGIN
  PERFORM guard.require_fresh();
  SELECT * INTO e FROM emergency x WHERE x.id = emergency_ FOR UPDATE;
  IF e.id IS NULL OR NOT EXISTS (SELECT 1 FROM guard.emergency_reviewers(e) w
                                  WHERE w.account_id = guard.actor()) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF e.reviewed_at IS NOT NULL THEN
    RAISE check_violation USING MESSAGE = 'plumbline:reviewed-already';
  END IF;
  UPDATE emergency x SET reviewed_by = guard.actor(), justified = justified_, review = review_,
         reviewed_at = now(), ended_at = coalesce(x.ended_at, least(x.opens_until, now()))
   WHERE x.id = emergency_;
END $$;

-- What the actor declared. What became of the matter since, a wall too, shows as an end alone.
CREATE FUNCTION guard.my_emergencies()
  RETURNS TABLE (id uuid, number text, reason text, declared_at timestamptz,
                 opens_until timestamptz, lasts boolean, readings bigint, reviewer text,
                 justified boolean, reviewed_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.id, e.number, e.reason, e.declared_at, e.opens_until, guard.emergency_lasts(e),
         (SELECT count(*) FROM emergency_reading r WHERE r.emergency_id = e.id), b.name,
         e.justified, e.reviewed_at
    FROM emergency e LEFT JOIN account b ON b.id = e.reviewed_by
   WHERE e.account_id = guard.actor()
$$;

-- What was declared on a matter, for whoever works on it.
CREATE FUNCTION guard.emergencies_on(matter_ uuid)
  RETURNS TABLE (id uuid, account_id uuid, reader text, reason text, declared_at timestamptz,
                 opens_until timestamptz, lasts boolean, readings bigint, reviewer text,
                 justified boolean, review text, reviewed_at timestamptz, review_by date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.id, e.account_id, a.name, e.reason, e.declared_at, e.opens_until,
         guard.emergency_lasts(e),
         (SELECT count(*) FROM emergency_reading r WHERE r.emergency_id = e.id), b.name,
         e.justified, e.review, e.reviewed_at, e.review_by
    FROM emergency e JOIN account a ON a.id = e.account_id
    LEFT JOIN account b ON b.id = e.reviewed_by
   WHERE e.matter_id = matter_ AND guard.works_on(matter_) AND guard.reads_content()
$$;

-- Matters of the actor's with a review that nobody may close.
CREATE FUNCTION guard.unreviewable() RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT e.matter_id FROM emergency e
   WHERE e.reviewed_at IS NULL AND e.account_id <> guard.actor()
     AND NOT EXISTS (SELECT 1 FROM guard.emergency_reviewers(e))
     AND guard.works_on(e.matter_id) AND guard.reads_content()
$$;
