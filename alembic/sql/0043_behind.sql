-- What intake wrote down when it told a reporter is intake's alone; whoever handles what came of a
-- petition may ask for what is sealed of it; no review of an emergency read is nobody's; and the
-- hand-over list holds what people who left were let see, logged, or began to import.

-- Whether a step of a petition goes through the sealed contact and says that a duty was met.
CREATE FUNCTION guard.tells_reporter(matter_ uuid, event_ text) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM matter m JOIN profile_version p ON p.id = m.profile_id
     CROSS JOIN jsonb_array_elements(p.content -> 'machines' -> 'petition' -> 'transitions') t
     WHERE m.id = matter_ AND m.kind = 'petition' AND t ->> 'event' = event_
       AND t -> 'touches' ? 'release' AND jsonb_array_length(t -> 'stop') > 0)
$$;

-- How the reporter was reached and what they objected may give them away: it is kept apart before
-- the row is written, so that neither the row nor an event has it.
CREATE FUNCTION guard.seal_words() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  event_ text;
  form_ jsonb := '{}';
BEGIN
  IF NOT EXISTS (SELECT 1 FROM matter m WHERE m.id = NEW.matter_id AND m.kind = 'petition') THEN
    RETURN NEW;
  END IF;
  IF TG_TABLE_NAME = 'signature' THEN
    SELECT q.event INTO event_ FROM request q WHERE q.id = NEW.request_id;
    IF NOT guard.tells_reporter(NEW.matter_id, event_) THEN RETURN NEW; END IF;
  ELSIF guard.tells_reporter(NEW.matter_id, NEW.event) THEN
    form_ := NEW.form;
    IF TG_TABLE_NAME = 'transition' THEN
      form_ := coalesce((SELECT w.form FROM sealed_words w WHERE w.id = NEW.request_id), '{}')
               || form_;
    END IF;
    NEW.form := '{}';
  ELSIF TG_TABLE_NAME = 'request' THEN
    RETURN NEW;
  ELSIF NOT guard.tells_reporter(NEW.matter_id, NEW.form ->> 'step') THEN
    RETURN NEW;  -- of what else than such a step was asked for, signed or returned
  END IF;
  INSERT INTO sealed_words (id, matter_id, form, reason)
  VALUES (NEW.id, NEW.matter_id, form_, NEW.reason);
  NEW.reason := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER sealed_words BEFORE INSERT ON request
  FOR EACH ROW WHEN (NEW.manner = 'own') EXECUTE FUNCTION guard.seal_words();
CREATE TRIGGER sealed_words BEFORE INSERT ON signature
  FOR EACH ROW WHEN (NEW.manner = 'own') EXECUTE FUNCTION guard.seal_words();
CREATE TRIGGER sealed_words BEFORE INSERT ON transition
  FOR EACH ROW WHEN (NEW.manner = 'own') EXECUTE FUNCTION guard.seal_words();

-- Those of a petition, for who keeps its reporter.
CREATE FUNCTION guard.words_of(matter_ uuid) RETURNS TABLE (id uuid, form jsonb, reason text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.id, w.form, w.reason FROM sealed_words w
   WHERE w.matter_id = matter_ AND guard.keeps_reporter(matter_)
$$;

CREATE FUNCTION guard.sealed_form(id_ uuid) RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.form FROM sealed_words w WHERE w.id = id_ AND guard.keeps_reporter(w.matter_id)
$$;

CREATE FUNCTION guard.sealed_reason(id_ uuid) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.reason FROM sealed_words w WHERE w.id = id_ AND guard.keeps_reporter(w.matter_id)
$$;

-- What was written before there was a place apart. Run once.
CREATE FUNCTION guard.seal_past_words() RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO sealed_words (id, matter_id, form, reason)
  SELECT q.id, q.matter_id, q.form, q.reason FROM request q
   WHERE q.manner = 'own' AND guard.tells_reporter(q.matter_id, q.event)
  UNION ALL
  SELECT s.id, s.matter_id, '{}', s.reason FROM signature s JOIN request q ON q.id = s.request_id
   WHERE s.manner = 'own' AND guard.tells_reporter(q.matter_id, q.event)
  UNION ALL
  SELECT t.id, t.matter_id,
         CASE WHEN guard.tells_reporter(t.matter_id, t.event) THEN t.form ELSE '{}' END, t.reason
    FROM transition t JOIN matter m ON m.id = t.matter_id AND m.kind = 'petition'
   WHERE t.manner = 'own' AND (guard.tells_reporter(t.matter_id, t.event)
                               OR guard.tells_reporter(t.matter_id, t.form ->> 'step'));
  UPDATE request q SET form = '{}', reason = NULL FROM sealed_words w WHERE w.id = q.id;
  UPDATE signature s SET reason = NULL FROM sealed_words w WHERE w.id = s.id;
  UPDATE transition t SET reason = NULL,
         form = CASE WHEN guard.tells_reporter(t.matter_id, t.event) THEN '{}' ELSE t.form END
    FROM sealed_words w WHERE w.id = t.id;
  DELETE FROM audit_personal a USING audit_event e, sealed_words w
   WHERE e.row_id = w.id AND e.matter_id = w.matter_id
     AND a.event_id = e.id AND a.event_at = e.at;
END $$;

-- Releases -------------------------------------------------------------------------------------

-- The petitions from which a lead or a case came.
CREATE FUNCTION guard.petitions_behind(matter_ uuid)
  RETURNS TABLE (petition_id uuid, number text, named boolean, received_on date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE sources AS (
    SELECT matter_ AS id
    UNION
    SELECT l.from_id FROM sources s JOIN matter_link l ON l.to_id = s.id
     WHERE l.kind IN ('petition_lead', 'lead_case') AND l.ends_on IS NULL)
  SELECT p.id, m.number, p.named, p.received_on
    FROM sources s JOIN petition p ON p.id = s.id JOIN matter m ON m.id = p.id
   WHERE s.id <> matter_ AND guard.asks_for(p.id) ORDER BY p.received_on, m.number
$$;

-- Through which matter the actor may ask for what is sealed of a petition, and whether a name was
-- given: through itself where they work on it, or through a lead or case that came of it and that
-- they handle, unless a wall keeps them off the petition.
CREATE FUNCTION guard.asked_through(petition_ uuid) RETURNS TABLE (matter_id uuid, named boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE came AS (
    SELECT petition_ AS id
    UNION
    SELECT l.to_id FROM came c JOIN matter_link l ON l.from_id = c.id
     WHERE l.kind IN ('petition_lead', 'lead_case') AND l.ends_on IS NULL)
  SELECT o.id, p.named
    FROM petition p CROSS JOIN LATERAL (
      SELECT petition_ AS id WHERE guard.works_on(petition_)
      UNION ALL
      SELECT c.id FROM came c JOIN team_member t ON t.matter_id = c.id
       WHERE c.id <> petition_ AND t.account_id = guard.actor() AND t.ends_on IS NULL
         AND guard.reads_content() AND guard.works_on(c.id)
         AND NOT petition_ IN (SELECT unnest(guard.walled()))) o
   WHERE p.id = petition_ LIMIT 1
$$;

CREATE FUNCTION guard.asks_for(petition_ uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM guard.asked_through(petition_))
$$;

-- What was asked for. `which`: `petition`, everything of one, for who asked, decides or keeps it;
-- `desk`, what waits for the actor's decision, what they asked for that waits, and what they may
-- read; `all`, whatever they asked for or decide on, ended too. A title is who sees the petition's.
DROP FUNCTION guard.releases(uuid);
CREATE FUNCTION guard.releases(which text, petition_ uuid)
  RETURNS TABLE (id uuid, petition_id uuid, kind text, number text, title text, effective boolean,
                 reporter boolean, wording boolean, requested_by uuid,
                 requester text, reason text, requested_at timestamptz, decider text,
                 approved boolean, decision text, decided_at timestamptz, opens_until timestamptz,
                 ended_at timestamptz, readings bigint, decidable boolean, readable boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH found AS (
    SELECT r.*, r.requested_by = guard.actor() AS mine, guard.is_custodian(r.petition_id) AS decides
      FROM release r
     WHERE CASE which
             WHEN 'petition' THEN r.petition_id = petition_
             WHEN 'desk' THEN r.decided_by IS NULL
               OR (r.requested_by = guard.actor() AND r.opens_until > now())
             ELSE true END
       AND guard.asks_for(r.petition_id))
  SELECT f.id, f.petition_id, m.kind, m.number,
         CASE WHEN guard.works_on(f.petition_id) THEN m.title END, m.effective,
         f.reporter, f.wording, f.requested_by, a.name, f.reason,
         f.requested_at, b.name, f.approved, f.decision, f.decided_at, f.opens_until, f.ended_at,
         (SELECT count(*) FROM audit_event e WHERE e.matter_id = f.petition_id AND e.op = 'READ'
             AND e.changes ->> 'release' = f.id::text AND e.at >= f.decided_at),
         f.decides AND NOT f.mine AND f.decided_by IS NULL,
         f.mine AND f.ended_at IS NULL AND coalesce(f.opens_until > now(), false)
           AND NOT guard.read_undecided(f.petition_id)
    FROM found f JOIN matter m ON m.id = f.petition_id
    JOIN account a ON a.id = f.requested_by LEFT JOIN account b ON b.id = f.decided_by
   WHERE f.mine OR f.decides OR (which = 'petition' AND guard.keeps_reporter(f.petition_id))
   ORDER BY f.requested_at
$$;

-- Emergencies ----------------------------------------------------------------------------------

-- Reviews that nobody may close and that stand on nobody's desk, since whoever heads the matter is
-- kept off it, not cleared, or gone: for who administers the reader's account, and can have a role
-- or a clearance given. Of the matter itself nothing is said.
CREATE FUNCTION guard.reviews_for_nobody()
  RETURNS TABLE (id uuid, reader text, declared_at timestamptz, review_by date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.id, a.name, e.declared_at, e.review_by
    FROM emergency e JOIN account a ON a.id = e.account_id
   WHERE e.reviewed_at IS NULL AND e.account_id <> guard.actor()
     AND guard.holds('{administrator}') AND guard.manages(e.account_id)
     AND NOT e.matter_id IN (SELECT guard.walls_of(guard.actor()))
     AND NOT EXISTS (SELECT 1 FROM guard.emergency_reviewers(e))
     AND NOT EXISTS (
       SELECT 1 FROM guard.heads_of(e.matter_id) h
        -- Those on whose desk it stands among what nobody can act on.
        WHERE h.cleared AND h.account_id <> e.account_id
          AND EXISTS (
            SELECT 1 FROM role_held r WHERE r.account_id = h.account_id
               AND r.role IN ('lead_manager', 'department_head', 'adjudication_head', 'deputy',
                              'chief')
               AND r.begins_on <= current_date
               AND (r.ends_on IS NULL OR r.ends_on > current_date))
          AND NOT e.matter_id IN (SELECT guard.walls_of(h.account_id)))
   ORDER BY e.declared_at, e.id
$$;

-- Leavers --------------------------------------------------------------------------------------

-- Imports that somebody who left began and didn't finish: for who may begin one.
CREATE FUNCTION guard.left_imports()
  RETURNS TABLE (account_id uuid, name text, unit_name text, family text, since date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, a.name, u.name, b.family, b.happened_on
    FROM import_batch b JOIN account a ON a.id = b.made_by AND NOT a.active
    LEFT JOIN unit u ON u.id = a.unit_id
   WHERE b.committed_at IS NULL AND EXISTS (
           SELECT 1 FROM import_upload p WHERE p.batch_id = b.id)
     AND (guard.holds('{lead_manager}')
          OR (b.family = 'petitions' AND guard.holds('{petitions_head}'))
          OR (b.family = 'bank' AND guard.holds('{finance}')))
   ORDER BY b.happened_on, b.id
$$;
