-- Study meetings: what the services say once more, so that nobody signs in a meeting's name past
-- them. Who recorded isn't who chaired; what was signed stays; each signature is the chair's own.

-- Where the actor was present, and from which items they left: for policies.
CREATE FUNCTION guard.my_meetings() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(a.meeting_id), '{}') FROM study_attendance a
   WHERE a.account_id = guard.actor()
$$;

CREATE FUNCTION guard.my_recusals() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(r.item_id), '{}') FROM study_recusal r
   WHERE r.account_id = guard.actor()
$$;

CREATE FUNCTION guard.check_meeting() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := guard.actor();
BEGIN
  IF me IS NULL THEN RETURN NEW; END IF;  -- the owner's own hand
  IF TG_OP = 'INSERT' THEN
    IF NEW.recorder_id = me AND NEW.status = 'drafted' THEN RETURN NEW; END IF;
  ELSIF OLD.status IN ('signed', 'called_off') THEN
    RAISE check_violation USING MESSAGE = 'plumbline:minutes-signed';
  ELSIF NEW.recorder_id = OLD.recorder_id AND NEW.unit_id = OLD.unit_id
    AND NEW.version = OLD.version + 1
    AND (CASE NEW.status
          WHEN 'drafted' THEN me = OLD.recorder_id OR (
            me = OLD.chair_id AND NEW.chair_id = OLD.chair_id AND NEW.held_on = OLD.held_on)
          WHEN 'recorded' THEN me = OLD.recorder_id AND OLD.status = 'drafted'
            AND NEW.chair_id = OLD.chair_id AND NEW.held_on = OLD.held_on
          WHEN 'signed' THEN me = OLD.chair_id AND OLD.status = 'recorded'
            AND NEW.chair_id = OLD.chair_id AND NEW.held_on = OLD.held_on
            AND NEW.recorded_on = OLD.recorded_on
          ELSE me IN (OLD.recorder_id, OLD.chair_id) END) THEN
    RETURN NEW;
  END IF;
  RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-theirs';
END $$;

-- What a meeting leaves undecided is free again.
CREATE FUNCTION guard.free_agenda() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE study_item SET pulled = NEW.called_off, pulled_by = guard.actor()
   WHERE meeting_id = NEW.id AND pulled IS NULL AND result IS NULL;
  RETURN NULL;
END $$;

CREATE FUNCTION guard.check_study_item() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  me uuid := guard.actor();
  m study_meeting%ROWTYPE;
BEGIN
  IF me IS NULL OR NOT guard.works_on(NEW.matter_id) AND TG_OP = 'INSERT' THEN
    RETURN NEW;  -- the owner's own hand, or what policies refuse
  END IF;
  SELECT * INTO m FROM study_meeting WHERE id = NEW.meeting_id;
  IF TG_OP = 'INSERT' THEN
    IF m.recorder_id = me AND m.status = 'drafted' AND NEW.decision IS NULL
       AND NEW.pulled IS NULL AND NEW.result IS NULL
       AND EXISTS (SELECT 1 FROM request q WHERE q.id = NEW.request_id
                      AND q.matter_id = NEW.matter_id AND q.status = 'open') THEN
      RETURN NEW;
    END IF;
  ELSIF OLD.pulled IS NULL AND OLD.result IS NULL
    AND (NEW.meeting_id, NEW.matter_id, NEW.request_id, NEW.position)
      = (OLD.meeting_id, OLD.matter_id, OLD.request_id, OLD.position) THEN
    IF NEW.result IS NOT NULL THEN
      IF m.status = 'signed' AND m.chair_id = me AND NEW.pulled IS NULL
         AND (NEW.decision, NEW.reason) IS NOT DISTINCT FROM (OLD.decision, OLD.reason)
         AND (NEW.result = 'refused' OR EXISTS (
           SELECT 1 FROM signature s WHERE s.study_item_id = NEW.id)) THEN
        RETURN NEW;
      END IF;
    ELSIF NEW.pulled IS NOT NULL THEN
      IF m.status <> 'signed' AND me IN (m.chair_id, m.recorder_id) THEN RETURN NEW; END IF;
    ELSIF m.status = 'drafted' AND m.recorder_id = me THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-theirs';
END $$;

-- Who leaves for an item is one of those present, never the chair, who signs it.
CREATE FUNCTION guard.check_recusal() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  r study_recusal%ROWTYPE;
BEGIN
  IF TG_OP = 'DELETE' THEN r := OLD; ELSE r := NEW; END IF;
  IF guard.actor() IS NULL OR EXISTS (
       SELECT 1 FROM study_item i JOIN study_meeting m ON m.id = i.meeting_id
        WHERE i.id = r.item_id AND i.matter_id = r.matter_id AND m.status = 'drafted'
          AND m.recorder_id = guard.actor() AND (TG_OP = 'DELETE' OR (
            r.account_id <> m.chair_id AND EXISTS (
              SELECT 1 FROM study_attendance a
               WHERE a.meeting_id = m.id AND a.account_id = r.account_id)))) THEN
    RETURN r;
  END IF;
  RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-theirs';
END $$;

-- A signature in a meeting is its chair's, on what was decided there, where the matter's procedure
-- lets a meeting give it: never for a named person, the team or a committee.
CREATE FUNCTION guard.check_met() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF guard.actor() IS NULL OR EXISTS (
       SELECT 1 FROM study_item i
         JOIN study_meeting m ON m.id = i.meeting_id AND m.status = 'signed'
          AND m.chair_id = guard.actor()
         JOIN request q ON q.id = i.request_id AND q.version = i.seen_version
         JOIN matter x ON x.id = q.matter_id
         JOIN profile_version p ON p.id = x.profile_id
        CROSS JOIN LATERAL (SELECT q.chain -> (q.next_position - 1) AS step) s
        WHERE i.id = NEW.study_item_id AND i.request_id = NEW.request_id
          AND i.decision = NEW.verdict AND i.pulled IS NULL AND i.result IS NULL
          AND s.step ->> 'account' IS NULL AND s.step ->> 'body' IS NULL
          AND s.step ->> 'role' <> 'team'
          AND EXISTS (
            SELECT 1 FROM jsonb_array_elements(
                     p.content -> 'machines' -> x.kind -> 'transitions') t
             WHERE t ->> 'event' = q.event AND t -> 'from' ? q.from_state
               AND t -> 'meeting' ? (s.step ->> 'code'))) THEN
    RETURN NEW;
  END IF;
  RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-your-turn';
END $$;

-- What the chair of signed minutes can't open any more, or what nobody could decide on, isn't
-- signed, and its agenda says so; to everybody else, and of a meeting that isn't there, nothing.
CREATE FUNCTION guard.refuse_unseen(meeting_ uuid, reason_ jsonb) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE study_item i SET result = 'refused', result_reason = reason_
    FROM study_meeting m
   WHERE m.id = meeting_ AND m.status = 'signed' AND m.chair_id = guard.actor()
     AND i.meeting_id = m.id AND i.pulled IS NULL AND i.result IS NULL
     AND (i.decision IS NULL OR NOT guard.works_on(i.matter_id));
END $$;

CREATE TRIGGER by_two BEFORE INSERT OR UPDATE ON study_meeting
  FOR EACH ROW EXECUTE FUNCTION guard.check_meeting();
CREATE TRIGGER freed AFTER UPDATE OF status ON study_meeting
  FOR EACH ROW WHEN (NEW.status = 'called_off') EXECUTE FUNCTION guard.free_agenda();
CREATE TRIGGER by_its_meeting BEFORE INSERT OR UPDATE ON study_item
  FOR EACH ROW EXECUTE FUNCTION guard.check_study_item();
CREATE TRIGGER present BEFORE INSERT OR DELETE ON study_recusal
  FOR EACH ROW EXECUTE FUNCTION guard.check_recusal();
CREATE TRIGGER met BEFORE INSERT ON signature
  FOR EACH ROW WHEN (NEW.study_item_id IS NOT NULL) EXECUTE FUNCTION guard.check_met();
