-- Who may ask for a step, who may sign it, and who may come onto a team: said by the services, and
-- here once more, so that two who agree can't write it past them.

-- Whether the actor is somebody whom a step's table names for asking: of the team, or with a role
-- of one of its codes. Which unit it is held on, the services ask; a code without a role is asked
-- there alone.
CREATE FUNCTION guard.asks(matter_ uuid, step_ jsonb) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (step_ ->> 'by_system')::boolean OR jsonb_array_length(step_ -> 'requested_by') = 0
      OR EXISTS (
        SELECT 1 FROM matter m JOIN profile_version p ON p.id = m.profile_id
         CROSS JOIN jsonb_array_elements_text(step_ -> 'requested_by') AS c (code)
         CROSS JOIN LATERAL (SELECT p.content -> 'roles' -> c.code AS role_) x
         WHERE m.id = matter_ AND (
           x.role_ ->> 'role' IS NULL
           OR (x.role_ ->> 'scope' = 'team' AND guard.of_team(matter_))
           OR ((x.role_ ->> 'scope' <> 'team' OR m.state = 'new')
               AND guard.holds(ARRAY[x.role_ ->> 'role']))))
$$;

CREATE FUNCTION guard.of_team(matter_ uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM team_member t
     WHERE t.account_id = guard.actor() AND t.ends_on IS NULL AND t.matter_id = coalesce(
       (SELECT f.origin_id FROM fund_item f WHERE f.id = matter_), matter_))
$$;

-- Whose decision a step can be: whom its row names, or who stands higher by rank, sum or limit.
CREATE FUNCTION guard.deciders(content_ jsonb, kind_ text, step_ jsonb) RETURNS SETOF text
  LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT step_ ->> 'approved_by'
  UNION SELECT step_ ->> 'last'
  UNION SELECT o ->> 'by' FROM jsonb_array_elements(step_ -> 'instead') o
  UNION SELECT h ->> 'top' FROM jsonb_array_elements(content_ -> 'how_far_up') h
         WHERE step_ ->> 'method' IS NOT NULL
  UNION SELECT content_ -> 'amount' ->> 'top' WHERE step_ ->> 'method' IS NOT NULL
  UNION SELECT d FROM jsonb_each(content_ -> 'machines' -> kind_ -> 'clocks') c
         CROSS JOIN jsonb_array_elements_text(
           CASE WHEN jsonb_typeof(c.value -> 'extension') = 'object'
                THEN c.value -> 'extension' -> 'decided_by' ELSE '[]' END) d
         WHERE (step_ ->> 'decided_by_limit')::boolean
$$;

CREATE FUNCTION guard.check_asking() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  m matter%ROWTYPE;
  content_ jsonb;
  step_ jsonb;
BEGIN
  IF guard.actor() IS NULL OR NOT guard.works_on(NEW.matter_id) THEN
    RETURN NEW;  -- the owner's own hand, or what the policy refuses
  END IF;
  SELECT * INTO m FROM matter WHERE id = NEW.matter_id;
  SELECT p.content INTO content_ FROM profile_version p WHERE p.id = m.profile_id;
  SELECT t INTO step_ FROM jsonb_array_elements(content_ -> 'machines' -> m.kind -> 'transitions') t
   WHERE t ->> 'event' = NEW.event AND t -> 'from' ? m.state AND NOT (t ->> 'alone')::boolean
     AND guard.asks(NEW.matter_id, t) LIMIT 1;
  IF step_ IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-theirs';
  END IF;
  IF NEW.next_position <> 1 OR NEW.next_role IS DISTINCT FROM NEW.chain -> 0 ->> 'role'
     OR NEW.next_path::text IS DISTINCT FROM NEW.chain -> 0 ->> 'path'
     OR NOT coalesce(NEW.chain -> -1 ->> 'code' IN (
          SELECT guard.deciders(content_, m.kind, step_)), false)
     OR EXISTS (
       SELECT 1 FROM jsonb_array_elements(NEW.chain) s
        CROSS JOIN LATERAL (SELECT content_ -> 'roles' -> (s ->> 'code') AS role_) x
        WHERE s ->> 'role' IS DISTINCT FROM CASE WHEN x.role_ ->> 'scope' = 'team' THEN 'team'
                                                 ELSE x.role_ ->> 'role' END) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:needs-signatures';
  END IF;
  RETURN NEW;
END $$;

-- A request goes on by signatures, and ends by them or by whoever asked.
CREATE FUNCTION guard.check_turn() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  step_ jsonb := OLD.chain -> (NEW.next_position - 1);
  signed integer;
BEGIN
  IF guard.actor() IS NULL THEN RETURN NEW; END IF;
  SELECT count(*) INTO signed FROM signature s
   WHERE s.request_id = OLD.id AND s.verdict = 'sign' AND s.account_id <> OLD.requested_by;
  IF OLD.status = 'open' AND (CASE NEW.status
       WHEN 'open' THEN NEW.next_position = signed + 1 AND step_ IS NOT NULL
         AND NEW.next_role = step_ ->> 'role' AND NEW.next_path::text = step_ ->> 'path'
       WHEN 'approved' THEN signed >= jsonb_array_length(OLD.chain)
       WHEN 'returned' THEN EXISTS (
         SELECT 1 FROM signature s WHERE s.request_id = OLD.id AND s.verdict = 'return')
       ELSE OLD.requested_by = guard.actor() AND signed = 0 END) THEN
    RETURN NEW;
  END IF;
  RAISE check_violation USING MESSAGE = 'plumbline:needs-signatures';
END $$;

CREATE FUNCTION guard.check_signature() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  me uuid := guard.actor();
  q request%ROWTYPE;
BEGIN
  SELECT * INTO q FROM request WHERE id = NEW.request_id;
  IF me IS NULL OR NOT FOUND OR NOT guard.works_on(q.matter_id) THEN
    RETURN NEW;  -- the owner's own hand, or what policies refuse
  END IF;
  -- Whose turn it was may have left the team: any later one sends a request back.
  IF q.status = 'open' AND q.matter_id = NEW.matter_id AND NEW.position = q.next_position
     AND EXISTS (
       SELECT 1 FROM jsonb_array_elements(q.chain) WITH ORDINALITY AS s (step, at)
        WHERE CASE NEW.verdict WHEN 'return' THEN s.at >= q.next_position
                               ELSE s.at = q.next_position END
          AND NEW.role = s.step ->> 'role' AND NEW.act = s.step ->> 'act'
          AND coalesce((s.step ->> 'account')::uuid, me) = me
          AND CASE WHEN s.step ->> 'account' IS NOT NULL OR s.step ->> 'role' = 'team'
                   THEN guard.of_team(q.matter_id)
                   ELSE (s.step ->> 'path')::ltree <@ guard.reach(ARRAY[s.step ->> 'role']) END)
  THEN
    RETURN NEW;
  END IF;
  RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-your-turn';
END $$;

-- Somebody comes onto a team by whoever heads the matter, by a step of its table, or with the
-- matter itself. Asked at the end: the step is written last. A demo's history has many hands.
CREATE FUNCTION guard.check_joining() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF guard.actor() IS NULL OR guard.heads(NEW.matter_id)
     -- Its handler hands on, and goes with that.
     OR (NEW.part = 'lead_handler' AND EXISTS (
       SELECT 1 FROM team_member t WHERE t.matter_id = NEW.matter_id AND t.part = 'lead_handler'
          AND t.account_id = guard.actor() AND t.ends_on IS NOT NULL
          AND t.xmin = pg_current_xact_id()::xid))
     OR EXISTS (SELECT 1 FROM installation i WHERE i.demo)
     OR EXISTS (SELECT 1 FROM matter m WHERE m.id = NEW.matter_id AND m.recorded_at = now())
     OR EXISTS (
       SELECT 1 FROM transition t JOIN matter m ON m.id = t.matter_id
         JOIN profile_version p ON p.id = m.profile_id
        WHERE t.matter_id = NEW.matter_id AND t.recorded_at = now() AND EXISTS (
          SELECT 1 FROM jsonb_array_elements(
              p.content -> 'machines' -> m.kind -> 'transitions') x
           WHERE x ->> 'event' = t.event)) THEN
    RETURN NULL;
  END IF;
  RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-theirs';
END $$;

-- What one person wrote, another checks.
CREATE FUNCTION guard.check_second_reader() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF guard.actor() IS NOT NULL AND (
       NEW.summary_checked_by <> guard.actor() OR guard.actor() = (
         SELECT t.actor_id FROM transition t WHERE t.matter_id = NEW.id
            AND t.event = 'summary_written' ORDER BY t.version DESC LIMIT 1)) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:second-reader';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION guard.check_undoing() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.importing() AND guard.actor() = (
       SELECT e.recorded_by FROM journal_entry e
        WHERE e.id = NEW.reverses_id AND e.bank_line_id IS NULL)  -- the bank's is only moved
     AND guard.works_on(coalesce(NEW.fund_item_id, NEW.matter_id)) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:second-recorder';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER second_reader BEFORE UPDATE OF summary_checked_by ON petition
  FOR EACH ROW WHEN (NEW.summary_checked_by IS NOT NULL
    AND NEW.summary_checked_by IS DISTINCT FROM OLD.summary_checked_by)
  EXECUTE FUNCTION guard.check_second_reader();
CREATE TRIGGER second_recorder BEFORE INSERT ON journal_entry
  FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION guard.check_undoing();
-- Of what the application's role may write; sealed words are erased past it.
CREATE TRIGGER by_turn
  BEFORE UPDATE OF next_position, next_role, next_path, status, ended_on, version ON request
  FOR EACH ROW WHEN (OLD.manner = 'own') EXECUTE FUNCTION guard.check_turn();
CREATE TRIGGER asked_for BEFORE INSERT ON request
  FOR EACH ROW WHEN (NEW.manner = 'own') EXECUTE FUNCTION guard.check_asking();
CREATE TRIGGER in_turn BEFORE INSERT ON signature
  FOR EACH ROW WHEN (NEW.manner = 'own') EXECUTE FUNCTION guard.check_signature();
CREATE CONSTRAINT TRIGGER brought_in AFTER INSERT ON team_member
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard.check_joining();
