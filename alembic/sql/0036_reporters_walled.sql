-- A reporter who works here is walled off from what they reported. Who reported stays sealed: a tie
-- is a token under a key that isn't in the database, and the only persons whose tokens are kept
-- are those for whom a wall may follow, whoever has an account and their near relatives.

-- The token of who reported a petition. Whoever keeps its reporter writes it, and nobody reads it.
CREATE FUNCTION guard.tie_reporter(petition_ uuid, token_ bytea) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.keeps_reporter(petition_) AND NOT EXISTS (
      SELECT 1 FROM petition p JOIN matter m ON m.id = p.id
       WHERE p.id = petition_ AND m.made_by = guard.actor()
         AND (guard.import_batch() IS NOT NULL OR m.recorded_at = now())) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  INSERT INTO reporter_tie (petition_id, token) VALUES (petition_, token_) ON CONFLICT DO NOTHING;
END $$;

-- Tied by mistake: all of a petition's.
CREATE FUNCTION guard.untie_reporter(petition_ uuid) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.keeps_reporter(petition_) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  DELETE FROM reporter_tie t WHERE t.petition_id = petition_;
END $$;

-- Whoever has an account, and their near relatives: for them a wall may follow.
CREATE VIEW guard.person_near_account AS
SELECT a.person_id FROM account a WHERE a.person_id IS NOT NULL
UNION
SELECT CASE WHEN r.person_id = a.person_id THEN r.relative_id ELSE r.person_id END
  FROM account a JOIN relative r ON a.person_id IN (r.person_id, r.relative_id)
 WHERE r.ended_on IS NULL;

-- Those of them whose tokens are still missing.
CREATE FUNCTION guard.persons_without_token() RETURNS TABLE (id uuid, id_index bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.id, p.id_index FROM guard.person_near_account n JOIN person p ON p.id = n.person_id
   WHERE guard.actor() IS NOT NULL
     AND (NOT EXISTS (SELECT 1 FROM person_token k WHERE k.person_id = p.id AND k.by = 'person')
          OR (p.id_index IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM person_token k WHERE k.person_id = p.id AND k.by = 'number')))
$$;

CREATE FUNCTION guard.keep_token(person_ uuid, by_ text, token_ bytea) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO person_token (person_id, by, token)
  SELECT w.id, by_, token_ FROM guard.persons_without_token() w WHERE w.id = person_
  ON CONFLICT DO NOTHING
$$;

-- Another number, another token.
CREATE FUNCTION guard.forget_token() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM person_token k WHERE k.person_id = NEW.id AND k.by = 'number';
  RETURN NULL;
END $$;
CREATE TRIGGER token AFTER UPDATE OF id_index ON person
  FOR EACH ROW WHEN (OLD.id_index IS DISTINCT FROM NEW.id_index)
  EXECUTE FUNCTION guard.forget_token();

-- What an account or a near relative reported, and what came of it. A matter that the account
-- handled before the report was linked to it stays with them: else a report in their name would
-- take them from their own case.
CREATE FUNCTION guard.reported_by(account_ uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE came AS (
    SELECT t.petition_id AS matter_id FROM guard.near(account_) AS n (person_id)
      JOIN person_token k ON k.person_id = n.person_id
      JOIN reporter_tie t ON t.token = k.token
    UNION
    SELECT l.to_id FROM came c JOIN matter_link l ON l.from_id = c.matter_id
     WHERE l.kind IN ('petition_lead', 'lead_case') AND l.ends_on IS NULL
       AND NOT EXISTS (SELECT 1 FROM team_member m
                        WHERE m.matter_id = l.to_id AND m.account_id = account_
                          AND m.ends_on IS NULL AND m.begins_on < l.begins_on))
  SELECT matter_id FROM came
$$;

-- Whom a reporter's wall keeps off one matter, and what was merged into it.
CREATE FUNCTION guard.reporters_of(matter_ uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE sources AS (
    SELECT matter_ AS id
    UNION
    SELECT f.origin_id FROM fund_item f WHERE f.id = matter_
    UNION
    SELECT l.from_id FROM sources s JOIN matter_link l ON l.to_id = s.id
     WHERE l.kind IN ('petition_lead', 'lead_case', 'merged_into') AND l.ends_on IS NULL),
  persons AS (
    SELECT k.person_id FROM sources s JOIN reporter_tie t ON t.petition_id = s.id
      JOIN person_token k ON k.token = t.token),
  accounts AS (
    SELECT a.id FROM persons p JOIN account a ON a.person_id = p.person_id
    UNION
    SELECT a.id FROM persons p
      JOIN relative r ON p.person_id IN (r.person_id, r.relative_id) AND r.ended_on IS NULL
      JOIN account a ON a.person_id
           = CASE WHEN r.person_id = p.person_id THEN r.relative_id ELSE r.person_id END)
  SELECT a.id FROM accounts a WHERE matter_ IN (SELECT guard.walls_of(a.id))
$$;
