-- A person's file: what the register knows beyond what matters need to name them, the near
-- relatives and the former posts. It is opened for a time in one session, and that is written down.

-- The actor's own person.
CREATE FUNCTION guard.own_person() RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.person_id FROM account a WHERE a.id = guard.actor()
$$;

-- Whose files are open in this session.
CREATE FUNCTION guard.opened() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(o.person_id), '{}') FROM person_opening o
   WHERE o.session_id = (guard.scope() ->> 'session')::uuid AND o.open_until > now()
     AND o.person_id IS DISTINCT FROM guard.own_person()
$$;

-- An open matter that names the person and that the actor handles: on its team, or having logged
-- it while nobody handles it. None from which the actor is walled off.
CREATE FUNCTION guard.handles_of(person_ uuid) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.id FROM involvement i JOIN matter m ON m.id = i.matter_id
   WHERE i.person_id = person_ AND i.ended_on IS NULL AND m.closed_on IS NULL
     AND NOT m.id IN (SELECT unnest(guard.walled()))
     AND (EXISTS (SELECT 1 FROM team_member t WHERE t.matter_id = m.id AND t.ends_on IS NULL
                     AND t.account_id = guard.actor())
          OR (m.made_by = guard.maker() AND NOT EXISTS (
                SELECT 1 FROM team_member t WHERE t.matter_id = m.id AND t.ends_on IS NULL)))
   ORDER BY m.id LIMIT 1
$$;

-- Opens a file. Whoever handles a matter of the person's needs to say nothing, nor does whoever
-- entered the person this moment; everybody else says why. One's own file stays closed.
CREATE FUNCTION guard.open_file(opening_ uuid, person_ uuid, reason_ text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  session_ uuid := (guard.scope() ->> 'session')::uuid;
  why text := nullif(btrim(reason_), '');
  entered boolean;
  via uuid;
BEGIN
  SELECT p.recorded_at = now() INTO entered FROM person p WHERE p.id = person_;
  IF NOT FOUND OR NOT guard.reads_content() OR session_ IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF person_ = guard.own_person() THEN
    RAISE check_violation USING MESSAGE = 'plumbline:own-file';
  END IF;
  IF why IS NULL AND person_ = ANY (guard.opened()) THEN RETURN; END IF;
  via := guard.handles_of(person_);
  IF why IS NULL AND via IS NULL AND NOT entered THEN
    RAISE check_violation USING MESSAGE = 'plumbline:file-closed';
  END IF;
  INSERT INTO person_opening (id, person_id, account_id, session_id, matter_id, reason, open_until)
  VALUES (opening_, person_, guard.actor(), session_, via, why, now() + interval '1 hour');
END $$;

-- Whether the actor supervises who opens the file of a person of this unit. Nobody does so of
-- their own file, of a near relative's, or of somebody whom a matter names that is walled off.
CREATE FUNCTION guard.watches(person_ uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(u.path, d.path) <@ guard.reach('{auditor,chief}')
     AND NOT p.id IN (SELECT guard.near(guard.actor()))
     AND NOT EXISTS (SELECT 1 FROM involvement i WHERE i.person_id = p.id
                        AND i.matter_id IN (SELECT unnest(guard.walled())))
    FROM person p LEFT JOIN unit u ON u.id = p.unit_id
    LEFT JOIN installation n ON true LEFT JOIN unit d ON d.id = n.district_id
   WHERE p.id = person_
$$;

-- Who opened which file, when and why, the latest first: the actor's own openings, and what the
-- actor supervises. `person_` narrows it to one file.
CREATE FUNCTION guard.openings(person_ uuid, before_ timestamptz, before_id uuid, limit_ integer)
  RETURNS TABLE (id uuid, person_id uuid, person text, account_id uuid, account text,
                 matter_id uuid, reason text, opened_at timestamptz, open_until timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT o.id, o.person_id, CASE WHEN guard.reads_content() THEN p.name
           ELSE left(p.name, 1) || repeat('×', greatest(char_length(p.name) - 1, 1)) END,
         o.account_id, a.name, o.matter_id, o.reason, o.opened_at, o.open_until
    FROM person_opening o JOIN person p ON p.id = o.person_id JOIN account a ON a.id = o.account_id
   WHERE (person_ IS NULL OR o.person_id = person_)
     AND (before_ IS NULL OR (o.opened_at, o.id) < (before_, before_id))
     AND (o.account_id = guard.actor() OR guard.watches(o.person_id))
   ORDER BY o.opened_at DESC, o.id DESC LIMIT limit_
$$;

-- Who has an identity number, by its blind index, for those who read the register.
CREATE FUNCTION guard.persons_numbered(index_ bytea) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.id FROM person p WHERE p.id_index = index_ AND guard.reads_content()
$$;

-- What an import matches its rows by, and what it tells of those it finds.
CREATE FUNCTION guard.import_persons(indexes bytea[], names text[], units uuid[])
  RETURNS TABLE (id uuid, name text, unit_id uuid, id_index bytea, presumed boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.id, p.name, p.unit_id, p.id_index, p.presumed FROM person p
   WHERE p.id_index = ANY (indexes) AND guard.import_batch() IS NOT NULL
  UNION
  SELECT p.id, p.name, p.unit_id, p.id_index, p.presumed
    FROM unnest(names, units) AS x (name, unit_id)
    JOIN person p ON p.name = x.name AND p.unit_id = x.unit_id
   WHERE guard.import_batch() IS NOT NULL
$$;

CREATE FUNCTION guard.import_number(person_ uuid, sealed bytea, index_ bytea) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE person p SET id_number = sealed, id_index = index_, version = p.version + 1
   WHERE p.id = person_ AND p.id_index IS NULL AND guard.import_batch() IS NOT NULL
$$;

CREATE FUNCTION guard.import_told(
    ids uuid[], male_ boolean[], born_ text[], ethnicity_ text[], joined_ text[],
    education_ text[]) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE person p SET male = coalesce(p.male, x.male), born = coalesce(p.born, x.born),
         ethnicity = coalesce(p.ethnicity, x.ethnicity),
         joined_party = coalesce(p.joined_party, x.joined_party),
         education = coalesce(p.education, x.education), version = p.version + 1
    FROM unnest(ids, male_, born_, ethnicity_, joined_, education_)
      AS x (id, male, born, ethnicity, joined_party, education)
   WHERE p.id = x.id AND guard.import_batch() IS NOT NULL
     AND (p.male, p.born, p.ethnicity, p.joined_party, p.education)
         IS DISTINCT FROM (coalesce(p.male, x.male), coalesce(p.born, x.born),
           coalesce(p.ethnicity, x.ethnicity), coalesce(p.joined_party, x.joined_party),
           coalesce(p.education, x.education))
$$;

-- Whether the actor exports what stands in files: a moment ago it was written down, and why.
CREATE FUNCTION guard.exports_persons() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT guard.reads_content() AND EXISTS (
    SELECT 1 FROM export_record r
     WHERE r.made_by = guard.actor() AND (r.names OR r.what = 'returns')
       AND r.recorded_at > now() - interval '15 minutes')
$$;

CREATE VIEW guard.person_file WITH (security_barrier) AS
SELECT p.id, p.id_number, p.male, p.born, p.ethnicity, p.joined_party, p.education, p.recorded_at
  FROM person p WHERE p.id = ANY ((SELECT guard.opened())::uuid[]);

CREATE VIEW guard.exported_person WITH (security_barrier) AS
SELECT p.id, p.name, p.member, p.id_number, p.male, p.born, p.ethnicity, p.joined_party, p.education
  FROM person p WHERE (SELECT guard.exports_persons());
