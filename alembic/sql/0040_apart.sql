-- Who investigated doesn't adjudicate, and who decided first doesn't hear the appeal: asked of what
-- was done each time, so that no later team, merge or role makes it good. An unknown person of an
-- account is the fault of the field that named them.

-- What is one with a matter for this: the lead or case that money belongs to, a case and its leads,
-- what was merged into them, and what they were split off from.
CREATE FUNCTION guard.hung_together(matter_ uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE whole AS (
    SELECT coalesce((SELECT f.origin_id FROM fund_item f WHERE f.id = matter_), matter_) AS id
    UNION
    SELECT o.id FROM whole x CROSS JOIN LATERAL (
      SELECT l.from_id AS id FROM matter_link l
       WHERE l.to_id = x.id AND l.kind IN ('lead_case', 'merged_into') AND l.ends_on IS NULL
      UNION ALL
      SELECT l.to_id FROM matter_link l
       WHERE l.from_id = x.id AND l.kind IN ('lead_case', 'split_from') AND l.ends_on IS NULL) o)
  SELECT w.id FROM whole w
$$;

-- Who investigated: whoever is or was of a team, and the heads of department who signed for it.
CREATE FUNCTION guard.investigators(matter_ uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.account_id FROM guard.hung_together(matter_) AS x (id)
    JOIN team_member t ON t.matter_id = x.id
  UNION
  SELECT s.account_id FROM guard.hung_together(matter_) AS x (id)
    JOIN signature s ON s.matter_id = x.id
   WHERE s.role = 'department_head' AND s.manner = 'own'
$$;

-- Whether a code of a profile stands for adjudication, or for somebody who is none of the team.
CREATE FUNCTION guard.is_apart(role_ jsonb) RETURNS boolean
  LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT coalesce(role_ ->> 'role' IN ('adjudicator', 'adjudication_head')
                  OR (role_ ->> 'outside_team')::boolean, false)
$$;

-- Steps of a profile that only adjudication asks for, or whoever it keeps out of the team.
CREATE FUNCTION guard.apart_steps(profile_ uuid)
  RETURNS TABLE (kind text, event text, states jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.key, t.value ->> 'event', t.value -> 'from'
    FROM profile_version p
   CROSS JOIN jsonb_each(p.content -> 'machines') AS m
   CROSS JOIN jsonb_array_elements(m.value -> 'transitions') AS t
   WHERE p.id = profile_ AND jsonb_array_length(t.value -> 'requested_by') > 0
     AND NOT EXISTS (
       SELECT 1 FROM jsonb_array_elements_text(t.value -> 'requested_by') AS c (code)
        WHERE NOT guard.is_apart(p.content -> 'roles' -> c.code))
$$;

-- Every hand in adjudicating these matters, each with the version of the matter that it saw.
CREATE FUNCTION guard.adjudications(matters_ uuid[])
  RETURNS TABLE (account_id uuid, matter_id uuid, event text, seen integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH of_them AS MATERIALIZED (
    SELECT m.id, m.kind, m.profile_id FROM matter m WHERE m.id = ANY (matters_) AND m.adjudicated),
  steps AS MATERIALIZED (
    SELECT p.profile_id, s.* FROM (SELECT DISTINCT o.profile_id FROM of_them o) p
     CROSS JOIN LATERAL guard.apart_steps(p.profile_id) s)
  SELECT q.requested_by, q.matter_id, q.event, q.matter_version
    FROM of_them o JOIN request q ON q.matter_id = o.id AND q.manner = 'own'
    JOIN steps s ON s.profile_id = o.profile_id AND s.kind = o.kind AND s.event = q.event
     AND s.states ? q.from_state
  UNION ALL
  SELECT g.account_id, q.matter_id, q.event, q.matter_version
    FROM of_them o JOIN signature g ON g.matter_id = o.id AND g.manner = 'own'
    JOIN request q ON q.id = g.request_id
   WHERE g.role IN ('adjudicator', 'adjudication_head')
  UNION ALL
  SELECT t.actor_id, t.matter_id, t.event, t.version - 1
    FROM of_them o JOIN transition t ON t.matter_id = o.id AND t.request_id IS NULL
     AND t.manner = 'own'
    JOIN steps s ON s.profile_id = o.profile_id AND s.kind = o.kind AND s.event = t.event
     AND s.states ? t.from_state
$$;

CREATE FUNCTION guard.adjudicators(matter_ uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT a.account_id FROM guard.adjudications(
    ARRAY(SELECT guard.hung_together(matter_)) || matter_) a
   WHERE a.account_id IS NOT NULL
$$;

-- Whoever adjudicated what an appeal was then let in against; nobody while there is none.
CREATE FUNCTION guard.original_hands(matter_ uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH appealed AS MATERIALIZED (
    SELECT t.matter_id, max(t.version) AS version
      FROM guard.hung_together(matter_) AS x (id) JOIN transition t ON t.matter_id = x.id
     WHERE t.event LIKE 'reopen%' AND t.form ->> 'ground' = 'appeal' GROUP BY t.matter_id)
  SELECT DISTINCT a.account_id
    FROM appealed p
    JOIN guard.adjudications(ARRAY(SELECT y.matter_id FROM appealed y)) a
      ON a.matter_id = p.matter_id
   WHERE a.account_id IS NOT NULL AND a.seen < p.version AND a.event NOT LIKE 'reopen%'
$$;

-- Nobody asks for, signs or takes a step of adjudication who investigated, or who handled what is
-- appealed against.
CREATE FUNCTION guard.check_apart() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  who uuid;
  m record;
  applies boolean;
BEGIN
  IF NEW.manner <> 'own' THEN RETURN NEW; END IF;
  SELECT x.kind, x.profile_id INTO m FROM matter x WHERE x.id = NEW.matter_id;
  IF TG_TABLE_NAME = 'signature' THEN
    who := NEW.account_id;
    applies := NEW.role IN ('adjudicator', 'adjudication_head') OR coalesce((
      SELECT guard.is_apart(p.content -> 'roles' -> (q.chain -> (NEW.position - 1) ->> 'code'))
        FROM request q JOIN profile_version p ON p.id = m.profile_id
       WHERE q.id = NEW.request_id), false);
  ELSE
    IF TG_TABLE_NAME = 'transition' THEN
      IF NEW.request_id IS NOT NULL OR m.kind NOT IN ('case', 'fund_item') THEN
        RETURN NEW;  -- each hand of the request was asked; what is alone here is nobody's apart
      END IF;
      who := NEW.actor_id;
    ELSE
      who := NEW.requested_by;
    END IF;
    applies := EXISTS (SELECT 1 FROM guard.apart_steps(m.profile_id) s
                        WHERE s.kind = m.kind AND s.event = NEW.event
                          AND s.states ? NEW.from_state);
  END IF;
  IF NOT applies THEN RETURN NEW; END IF;
  IF who IN (SELECT guard.investigators(NEW.matter_id)) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:investigated-it';
  END IF;
  IF who IN (SELECT guard.original_hands(NEW.matter_id)) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:handled-original';
  END IF;
  RETURN NEW;
END $$;

-- Nor does whoever adjudicated come onto a team of it. A ledger is taken as it is written.
CREATE FUNCTION guard.check_team() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.account_id IN (SELECT guard.adjudicators(NEW.matter_id))
     AND guard.import_batch() IS NULL THEN
    RAISE check_violation USING MESSAGE = 'plumbline:adjudicated-it';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER kept_apart BEFORE INSERT ON request
  FOR EACH ROW EXECUTE FUNCTION guard.check_apart();
CREATE TRIGGER kept_apart BEFORE INSERT ON signature
  FOR EACH ROW EXECUTE FUNCTION guard.check_apart();
CREATE TRIGGER kept_apart BEFORE INSERT ON transition
  FOR EACH ROW EXECUTE FUNCTION guard.check_apart();
CREATE TRIGGER kept_apart BEFORE INSERT ON team_member
  FOR EACH ROW EXECUTE FUNCTION guard.check_team();
