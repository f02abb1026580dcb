-- A colleague has the name of somebody whom a matter names, and no identity number says that they
-- are two: until somebody says whether it is them, the colleague is kept off. Not whoever works on
-- the matter already, or logged it: a name alone takes nobody from their own case.

-- What is still asked, and who it is: not once a name or a number says that they are two.
CREATE VIEW guard.namesake_standing AS
SELECT k.id, k.matter_id, k.involvement_id, k.account_id, k.works, k.answer
  FROM namesake k
  JOIN involvement i ON i.id = k.involvement_id AND i.ended_on IS NULL
  JOIN person p ON p.id = i.person_id
  JOIN account a ON a.id = k.account_id
  LEFT JOIN person q ON q.id = a.person_id
 WHERE k.answer = 'them'
    OR (k.answer IS NULL AND q.id IS DISTINCT FROM p.id AND (q.id_index = p.id_index) IS NOT FALSE
        AND guard.folded(p.name) IN (guard.folded(a.name), guard.folded(q.name)));

-- Of pairs that have the same name, those that are to be asked about: colleagues who could come near
-- the matter. The owner's own hand, a restore say, asks nothing.
CREATE FUNCTION guard.ask_namesakes(involvements uuid[], accounts uuid[]) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := guard.actor();
BEGIN
  IF me IS NULL OR cardinality(involvements) IS NOT DISTINCT FROM 0 THEN RETURN; END IF;
  INSERT INTO namesake (id, matter_id, involvement_id, account_id, works)
  SELECT gen_random_uuid(), m.id, i.id, a.id,
         a.id = me OR a.id = m.made_by OR EXISTS (
           SELECT 1 FROM team_member t
            WHERE t.matter_id = m.id AND t.account_id = a.id AND t.ends_on IS NULL)
    FROM unnest(involvements, accounts) AS pair (involvement_id, account_id)
    JOIN involvement i ON i.id = pair.involvement_id AND i.ended_on IS NULL
    JOIN matter m ON m.id = i.matter_id AND m.closed_on IS NULL
    JOIN person p ON p.id = i.person_id
    JOIN account a ON a.id = pair.account_id AND a.active
    LEFT JOIN person q ON q.id = a.person_id
   WHERE q.id IS DISTINCT FROM p.id AND (q.id_index = p.id_index) IS NOT FALSE
     AND EXISTS (
       SELECT 1 FROM role_held r
        WHERE r.account_id = a.id AND r.role NOT IN ('administrator', 'operator')
          AND (r.ends_on IS NULL OR r.ends_on > current_date)
          AND (r.unit_path @> m.unit_path OR r.unit_path <@ m.district::ltree))
  ON CONFLICT (involvement_id, account_id) DO NOTHING;
END $$;

-- Somebody was named: does a colleague have that name?
CREATE FUNCTION guard.named_like_a_colleague() RETURNS trigger
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found record;
BEGIN
  WITH named AS (
    SELECT i.id, guard.folded(p.name) AS name
      FROM added i JOIN person p ON p.id = i.person_id),
  pairs AS (
    SELECT n.id, a.id AS account_id FROM named n JOIN account a ON guard.folded(a.name) = n.name
    UNION
    SELECT n.id, a.id FROM named n JOIN person q ON guard.folded(q.name) = n.name
      JOIN account a ON a.person_id = q.id)
  SELECT coalesce(array_agg(id), '{}') AS involvements, coalesce(array_agg(account_id), '{}') AS accounts
    INTO found FROM pairs;
  PERFORM guard.ask_namesakes(found.involvements, found.accounts);
  RETURN NULL;
END $$;
CREATE TRIGGER namesakes AFTER INSERT ON involvement
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT
  EXECUTE FUNCTION guard.named_like_a_colleague();

-- Somebody got a name, or came into an office: does a matter name somebody so?
CREATE FUNCTION guard.colleague_named_like() RETURNS trigger
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found record;
BEGIN
  WITH colleagues AS (
    SELECT a.id, guard.folded(a.name) AS name FROM account a
     WHERE a.id = (to_jsonb(NEW) ->> TG_ARGV[0])::uuid
    UNION
    SELECT a.id, guard.folded(q.name) FROM account a JOIN person q ON q.id = a.person_id
     WHERE a.id = (to_jsonb(NEW) ->> TG_ARGV[0])::uuid),
  pairs AS (
    SELECT DISTINCT i.id, c.id AS account_id
      FROM colleagues c JOIN person p ON guard.folded(p.name) = c.name
      JOIN involvement i ON i.person_id = p.id AND i.ended_on IS NULL)
  SELECT coalesce(array_agg(id), '{}') AS involvements, coalesce(array_agg(account_id), '{}') AS accounts
    INTO found FROM pairs;
  PERFORM guard.ask_namesakes(found.involvements, found.accounts);
  RETURN NULL;
END $$;
CREATE TRIGGER namesakes AFTER UPDATE OF name, person_id, active ON account
  FOR EACH ROW WHEN (NEW.active) EXECUTE FUNCTION guard.colleague_named_like('id');
CREATE TRIGGER namesakes AFTER INSERT ON role_held
  FOR EACH ROW EXECUTE FUNCTION guard.colleague_named_like('account_id');

-- A name was corrected.
CREATE FUNCTION guard.renamed_like_a_colleague() RETURNS trigger
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found record;
BEGIN
  WITH pairs AS (
    SELECT DISTINCT i.id, a.id AS account_id
      FROM involvement i CROSS JOIN LATERAL (
        SELECT a.id FROM account a WHERE guard.folded(a.name) = guard.folded(NEW.name)
        UNION
        SELECT a.id FROM person q JOIN account a ON a.person_id = q.id
         WHERE guard.folded(q.name) = guard.folded(NEW.name)) a
     WHERE i.person_id = NEW.id AND i.ended_on IS NULL)
  SELECT coalesce(array_agg(id), '{}') AS involvements, coalesce(array_agg(account_id), '{}') AS accounts
    INTO found FROM pairs;
  PERFORM guard.ask_namesakes(found.involvements, found.accounts);
  RETURN NULL;
END $$;
CREATE TRIGGER namesakes AFTER UPDATE OF name ON person
  FOR EACH ROW WHEN (NEW.name <> OLD.name) EXECUTE FUNCTION guard.renamed_like_a_colleague();

-- What was said of somebody on a matter holds on what comes of it.
CREATE FUNCTION guard.carry_namesakes() RETURNS trigger
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE namesake k
     SET answer = o.answer, reason = o.reason, answered_by = o.answered_by,
         answered_on = o.answered_on
    FROM namesake o, involvement oi, involvement ki
   WHERE k.matter_id IN (NEW.from_id, NEW.to_id) AND o.matter_id IN (NEW.from_id, NEW.to_id)
     AND k.matter_id <> o.matter_id AND k.account_id = o.account_id
     AND k.answer IS NULL AND o.answer IS NOT NULL
     AND ki.id = k.involvement_id AND oi.id = o.involvement_id AND oi.person_id = ki.person_id;
  RETURN NULL;
END $$;
CREATE TRIGGER namesakes AFTER INSERT ON matter_link
  FOR EACH ROW WHEN (NEW.kind IN ('petition_lead', 'lead_case', 'split_from'))
  EXECUTE FUNCTION guard.carry_namesakes();

-- Whether somebody's name is asked about on a matter, or on that which its money belongs to.
CREATE FUNCTION guard.is_asked_about(matter_ uuid, account_ uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM guard.namesake_standing k
     WHERE k.account_id = account_ AND k.answer IS NULL AND k.matter_id IN (
       SELECT matter_ UNION SELECT f.origin_id FROM fund_item f WHERE f.id = matter_))
$$;

-- They neither come onto the team nor sign until it is answered. Of the team at the end: a case
-- takes over what was answered on its lead only then. Why isn't said: it may be their own hand.
CREATE FUNCTION guard.check_namesake() RETURNS trigger
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF guard.actor() IS NOT NULL AND NOT guard.importing() AND NEW.account_id IS NOT NULL
     AND guard.is_asked_about(NEW.matter_id, NEW.account_id) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:namesake';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "Namesake joins" AFTER INSERT ON team_member
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard.check_namesake();
CREATE TRIGGER namesake_signs AFTER INSERT ON signature
  FOR EACH ROW WHEN (NEW.manner <> 'ledger') EXECUTE FUNCTION guard.check_namesake();

-- What the actor is to say, or they or a colleague said: never about themselves or near relatives.
CREATE FUNCTION guard.namesakes_on(matter_ uuid)
  RETURNS TABLE (involvement_id uuid, account_id uuid, person text, name text, login text,
                 unit_name text, answer text, reason text, answered_by text, answered_on date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT k.involvement_id, a.id, p.name, a.name, a.login, u.name, k.answer, k.reason, b.name,
         k.answered_on
    FROM namesake k JOIN involvement i ON i.id = k.involvement_id AND i.ended_on IS NULL
    JOIN person p ON p.id = i.person_id
    JOIN account a ON a.id = k.account_id
    LEFT JOIN unit u ON u.id = a.unit_id
    LEFT JOIN account b ON b.id = k.answered_by
   WHERE k.matter_id = matter_ AND a.id <> guard.actor()
     AND NOT EXISTS (SELECT 1 FROM guard.near(guard.actor()) AS n (person_id)
                      WHERE n.person_id = a.person_id)
     AND (k.answer IS NOT NULL OR k.id IN (
       SELECT s.id FROM guard.namesake_standing s WHERE s.matter_id = matter_))
     AND (guard.heads(matter_) OR (guard.acts_on(matter_) AND EXISTS (
       SELECT 1 FROM matter m WHERE m.id = matter_ AND m.kind = 'petition'
          AND m.unit_path <@ guard.reach('{intake_officer}'))))
$$;

CREATE FUNCTION guard.answer_namesake(
    matter_ uuid, involvement_ uuid, account_ uuid, them_ boolean, reason_ text, day_ date)
  RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM guard.namesakes_on(matter_) q
                  WHERE q.involvement_id = involvement_ AND q.account_id = account_) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  UPDATE namesake k
     SET answer = CASE WHEN them_ THEN 'them' ELSE 'other' END, reason = reason_,
         answered_by = guard.actor(), answered_on = day_
   WHERE k.involvement_id = involvement_ AND k.account_id = account_;
END $$;
