-- A signature on paper: one person enters it with a scan, another compares the two, and only then it
-- stands. Whose name it bears is told, and can object; until that is decided nothing moves on.

-- Whether the place that a request waits at may be signed on paper: where its profile says so, and
-- never where money, walls or releases are touched, whatever it says.
CREATE FUNCTION guard.accepts_paper(request_ uuid, position_ integer) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM request q JOIN matter m ON m.id = q.matter_id
      JOIN profile_version p ON p.id = m.profile_id
     CROSS JOIN jsonb_array_elements(p.content -> 'machines' -> m.kind -> 'transitions') t
     WHERE q.id = request_ AND q.status = 'open' AND q.manner = 'own'
       AND q.next_position = position_ AND m.kind IN ('lead', 'case')
       AND t ->> 'event' = q.event AND t -> 'from' ? q.from_state
       AND (t ->> 'paper')::boolean AND jsonb_array_length(t -> 'touches') = 0
       AND q.chain -> (position_ - 1) ->> 'body' IS NULL)
$$;

-- Whether somebody could sign in that place by their own hand: they hold it, asked for nothing here,
-- have not signed yet, and keep off nothing.
CREATE FUNCTION guard.could_sign(request_ uuid, account_ uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM request q CROSS JOIN LATERAL (SELECT q.chain -> (q.next_position - 1) AS step) c
      JOIN account a ON a.id = account_ AND a.active
     WHERE q.id = request_ AND account_ IS DISTINCT FROM q.requested_by
       AND coalesce((c.step ->> 'account')::uuid, account_) = account_
       AND NOT EXISTS (
         SELECT 1 FROM signature s WHERE s.request_id = q.id AND s.account_id = account_)
       AND NOT q.matter_id IN (SELECT guard.walls_of(account_))
       AND CASE WHEN c.step ->> 'account' IS NOT NULL OR c.step ->> 'role' = 'team'
                THEN EXISTS (
                  SELECT 1 FROM team_member t WHERE t.account_id = account_ AND t.ends_on IS NULL
                     AND t.matter_id = q.matter_id)
                ELSE EXISTS (
                  SELECT 1 FROM role_held r WHERE r.account_id = account_
                     AND r.role = c.step ->> 'role' AND (c.step ->> 'path')::ltree <@ r.unit_path
                     AND r.begins_on <= current_date
                     AND (r.ends_on IS NULL OR r.ends_on > current_date)) END)
$$;

-- A scan belongs to the matter, and nobody says that it is there by mistake. What shows a reporter
-- is no scan of a signature: whoever compares may not see it.
CREATE FUNCTION guard.is_scan(paper_ uuid, matter_ uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM matter_paper p WHERE p.id = paper_ AND p.matter_id = matter_
       AND NOT p.original AND p.marked_by IS NULL)
$$;

CREATE FUNCTION guard.check_paper_entered() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE since date;
BEGIN
  IF guard.actor() IS NULL OR NOT guard.works_on(NEW.matter_id) THEN
    RETURN NEW;  -- the owner's own hand, or what policies refuse
  END IF;
  IF NOT EXISTS (SELECT 1 FROM request q WHERE q.id = NEW.request_id AND q.matter_id = NEW.matter_id)
     OR NOT guard.accepts_paper(NEW.request_id, NEW.position) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:no-paper-here';
  END IF;
  IF NOT guard.could_sign(NEW.request_id, NEW.signer_id) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:not-their-place';
  END IF;
  IF NOT guard.is_scan(NEW.paper_id, NEW.matter_id) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:no-scan';
  END IF;
  SELECT greatest(q.requested_on, (
           SELECT max(s.signed_on) FROM signature s WHERE s.request_id = q.id))
    INTO since FROM request q WHERE q.id = NEW.request_id;
  IF NEW.signed_on < since THEN
    RAISE check_violation USING MESSAGE = 'plumbline:signed-too-early';
  END IF;
  RETURN NEW;
END $$;

-- Who takes an entry further: whoever entered it takes it back; who had no hand in the request and is
-- none of the team compares; the signer says whether it is theirs; and who heads the matter decides,
-- against the signer's word only who could have signed there, or the chief.
CREATE FUNCTION guard.check_paper_step() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  me uuid := guard.actor();
  step_ jsonb;
  compares boolean;
BEGIN
  IF me IS NULL THEN RETURN NEW; END IF;
  IF OLD.status = 'entered' AND NEW.status IN ('stands', 'rejected') THEN
    compares := NEW.compared_by = me AND NOT guard.of_team(OLD.matter_id) AND NOT EXISTS (
      SELECT 1 FROM signature s WHERE s.request_id = OLD.request_id AND s.account_id = me);
    IF NOT compares THEN
      RAISE insufficient_privilege USING MESSAGE = 'plumbline:another-compares';
    END IF;
    IF NEW.status = 'rejected' THEN RETURN NEW; END IF;
    IF NOT guard.accepts_paper(OLD.request_id, OLD.position) THEN
      RAISE check_violation USING MESSAGE = 'plumbline:no-paper-here';
    END IF;
    IF NOT guard.could_sign(OLD.request_id, OLD.signer_id) THEN
      RAISE check_violation USING MESSAGE = 'plumbline:not-their-place';
    END IF;
    IF NOT guard.is_scan(OLD.paper_id, OLD.matter_id) THEN
      RAISE check_violation USING MESSAGE = 'plumbline:no-scan';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.status = 'entered' AND NEW.status = 'withdrawn' AND OLD.entered_by = me THEN
    RETURN NEW;
  END IF;
  IF OLD.status = 'stands' AND NEW.status IN ('acknowledged', 'objected') AND OLD.signer_id = me THEN
    RETURN NEW;
  END IF;
  IF OLD.status = 'objected' AND NEW.status IN ('upheld', 'set_aside') AND NEW.decided_by = me
     AND guard.heads(OLD.matter_id) THEN
    IF NEW.status = 'set_aside' THEN RETURN NEW; END IF;
    SELECT q.chain -> (OLD.position - 1) INTO step_ FROM request q WHERE q.id = OLD.request_id;
    IF (step_ ->> 'path')::ltree <@ guard.reach(ARRAY['chief', step_ ->> 'role']) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-theirs';
END $$;

-- It stands by an entry that whoever acts has just compared, word for word.
CREATE FUNCTION guard.check_paper_signature() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF guard.actor() IS NULL OR EXISTS (
       SELECT 1 FROM paper_signature e JOIN request q ON q.id = e.request_id
        CROSS JOIN LATERAL (SELECT q.chain -> (e.position - 1) AS step) c
        WHERE e.request_id = NEW.request_id AND e.matter_id = NEW.matter_id
          AND e.position = NEW.position AND e.signer_id = NEW.account_id
          AND e.verdict = NEW.verdict AND e.signed_on = NEW.signed_on AND e.reason = NEW.reason
          AND e.status = 'stands' AND e.compared_by = guard.actor()
          AND q.status = 'open' AND q.next_position = NEW.position
          AND NEW.role = c.step ->> 'role' AND NEW.act = c.step ->> 'act') THEN
    RETURN NEW;
  END IF;
  RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-your-turn';
END $$;

-- While somebody says that a signature in their name isn't theirs, no step is taken; and only a step
-- whose signature was set aside, and nothing after it, is taken back.
CREATE FUNCTION guard.check_objections() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF guard.actor() IS NULL THEN RETURN NEW; END IF;
  IF EXISTS (SELECT 1 FROM paper_signature p
              WHERE p.matter_id = NEW.matter_id AND p.status = 'objected') THEN
    RAISE check_violation USING MESSAGE = 'plumbline:objected';
  END IF;
  IF NEW.event = 'undo_paper' AND NOT EXISTS (
       SELECT 1 FROM paper_signature p JOIN request q ON q.id = p.request_id
        WHERE p.matter_id = NEW.matter_id AND p.status = 'set_aside'
          AND p.decided_by = guard.actor() AND q.from_state = NEW.to_state
          AND q.id = (SELECT t.request_id FROM transition t
                       WHERE t.matter_id = NEW.matter_id
                         AND (t.request_id IS NOT NULL OR t.from_state IS DISTINCT FROM t.to_state)
                       ORDER BY t.version DESC LIMIT 1)) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:needs-signatures';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER entered BEFORE INSERT ON paper_signature
  FOR EACH ROW EXECUTE FUNCTION guard.check_paper_entered();
CREATE TRIGGER taken_further BEFORE UPDATE ON paper_signature
  FOR EACH ROW EXECUTE FUNCTION guard.check_paper_step();
CREATE TRIGGER compared BEFORE INSERT ON signature
  FOR EACH ROW WHEN (NEW.manner = 'paper') EXECUTE FUNCTION guard.check_paper_signature();
CREATE TRIGGER not_objected BEFORE INSERT ON transition
  FOR EACH ROW WHEN (NEW.manner = 'own' AND NEW.version > 1 AND (
    NEW.request_id IS NOT NULL OR NEW.event = 'undo_paper'
    OR NEW.from_state IS DISTINCT FROM NEW.to_state))
  EXECUTE FUNCTION guard.check_objections();
