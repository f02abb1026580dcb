-- Search. Row security asks each row before any condition that isn't leakproof, so that no index of
-- words could be an entrance: these functions enter by the words, and ask the policy of each matter
-- themselves. None answers with what its caller may not see.

-- As words are compared: full-width as half-width, small letters, no spaces.
CREATE FUNCTION guard.folded(said text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN translate(lower(normalize(said, NFKC)), E' \t\n\r', '');

-- Every two characters that stand side by side: a Chinese word has two, a trigram none of them.
-- Dear, so that it is read from an index and not worked out for each row of a small table.
CREATE FUNCTION guard.pairs(said text) RETURNS text[]
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS $$
DECLARE
  bare text := guard.folded(said);
  found_ text[] := '{}';
BEGIN
  FOR at IN 1 .. length(bare) - 1 LOOP
    found_ := found_ || substr(bare, at, 2);
  END LOOP;
  RETURN found_;
END $$;

-- Names: what a register's name can be found by, written by the application. Another name, other
-- keys: the former are gone with it.
CREATE FUNCTION guard.forget_keys() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM person_key k WHERE k.person_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER keys AFTER UPDATE OF name ON person
  FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name)
  EXECUTE FUNCTION guard.forget_keys();

-- A reporting unit reads no register, but enters somebody in it: in this very transaction.
CREATE FUNCTION guard.keep_keys(person_ uuid, keys_ text[]) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO person_key (person_id, keys)
  SELECT p.id, keys_ FROM person p
   WHERE p.id = person_ AND (guard.reads_content() OR p.recorded_at = now())
  ON CONFLICT DO NOTHING
$$;

-- The actor's matters, where they are no more than so many: null for who has more. Roots of
-- districts are not looked at.
CREATE FUNCTION guard.handful(most integer) RETURNS uuid[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  -- Asked once: in a condition each would be asked of every row.
  maker uuid := guard.maker();
  wide ltree[] := guard.reach('{chief,secretary,liaison,lead_manager,deputy,auditor}');
  heads ltree[] := guard.reach('{department_head}');
  intake ltree[] := guard.reach('{intake_officer,petitions_head}');
  money ltree[] := guard.reach('{keeper,finance}');
  judges ltree[] := guard.reach('{adjudicator,adjudication_head}');
@@reader@@
  found_ uuid[];
BEGIN
  IF EXISTS (SELECT 1 FROM unnest(wide) w WHERE nlevel(w) < 2) THEN RETURN NULL; END IF;
  SELECT array_agg(s.id) INTO found_ FROM (
    SELECT d.id FROM (
      SELECT unnest(guard.mine()) AS id
      UNION ALL SELECT m.id FROM matter m WHERE m.made_by = maker
      UNION ALL SELECT m.id FROM matter m
         WHERE cardinality(wide) > 0 AND m.unit_path <@ wide
      UNION ALL SELECT m.id FROM matter m
         WHERE cardinality(heads) > 0 AND m.assigned_path <@ heads
      UNION ALL SELECT m.id FROM matter m
         WHERE cardinality(intake) > 0 AND m.kind = 'petition' AND m.unit_path <@ intake
      UNION ALL SELECT m.id FROM matter m
         WHERE cardinality(money) > 0 AND m.kind = 'fund_item' AND m.unit_path <@ money
      UNION ALL SELECT m.id FROM matter m
         WHERE cardinality(judges) > 0 AND m.adjudicated AND m.unit_path <@ judges) d
    LIMIT most + 1) s;
  IF cardinality(found_) > most THEN RETURN NULL; END IF;
  RETURN ARRAY(SELECT m.id FROM matter m WHERE m.id = ANY (found_) AND @@seen:m@@);
END $$;

-- The districts whose matters the actor can meet; null for all of them, or many.
CREATE FUNCTION guard.districts_met() RETURNS text[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  reached ltree[];
  found_ text[];
BEGIN
  SELECT array_agg(r.path::ltree) INTO reached
    FROM jsonb_each_text(guard.scope() -> 'reach') e,
         unnest((e.value)::text[]) AS r (path);
  IF EXISTS (SELECT 1 FROM unnest(reached) r (path) WHERE nlevel(r.path) = 0) THEN
    RETURN NULL;
  END IF;
  SELECT array_agg(DISTINCT d.district) INTO found_ FROM (
    SELECT subpath(r.path, 0, 1)::text AS district FROM unnest(reached) r (path)
    UNION ALL
    SELECT m.district FROM unnest(guard.mine()) w (id) JOIN matter m ON m.id = w.id) d;
  IF cardinality(found_) > 4 THEN RETURN NULL; END IF;
  RETURN coalesce(found_, '{}');
END $$;

-- Whether a matter has all of the words, or is of one of the units. The guard's own.
CREATE FUNCTION guard.says(number_ text, title_ text, patterns text[]) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN guard.folded(title_) LIKE ALL (patterns) OR guard.folded(number_) LIKE ALL (patterns);

-- Whether somebody of these keys, or one of these organisations, is involved. The guard's own.
CREATE FUNCTION guard.names(matter_ uuid, keys_ text[], organisations uuid[]) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM involvement i LEFT JOIN person_key k ON k.person_id = i.person_id
     WHERE i.matter_id = matter_ AND i.ended_on IS NULL
       AND (k.keys && keys_ OR i.organisation_id = ANY (organisations)))
$$;

CREATE FUNCTION guard.noted(matter_ uuid, patterns text[]) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM note n WHERE n.matter_id = matter_
                    AND guard.folded(n.text) LIKE ALL (patterns))
$$;

-- Among some matters: the door of who has a handful.
CREATE FUNCTION guard.search_among(
    among uuid[], patterns text[], units uuid[], keys_ text[], organisations uuid[], kind_ text,
    after_on date, after_id uuid, most integer)
  RETURNS TABLE (matter_id uuid, opened_on date)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
@@reader@@
  content boolean := guard.reads_content();
  own uuid[] := guard.mine();
BEGIN
  RETURN QUERY
  SELECT m.id, m.opened_on FROM matter m
   WHERE m.id = ANY (among) AND (kind_ IS NULL OR m.kind = kind_)
     AND (m.opened_on, m.id) < (after_on, after_id)
     AND (guard.says(m.number, m.title, patterns) OR m.unit_id = ANY (units)
          OR (content AND guard.names(m.id, keys_, organisations))
          OR ((content OR m.id = ANY (own)) AND guard.noted(m.id, patterns)))
     AND @@seen:m@@
   ORDER BY m.opened_on DESC, m.id DESC LIMIT most;
END $$;

-- The newest so many of the actor's districts: a common word is found here, however many have it.
CREATE FUNCTION guard.search_newest(
    walk integer, patterns text[], units uuid[], kind_ text, after_on date, after_id uuid,
    most integer)
  RETURNS TABLE (matter_id uuid, opened_on date)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
@@reader@@
  districts text[] := guard.districts_met();
BEGIN
  IF districts IS NULL THEN
    RETURN QUERY
    SELECT m.id, m.opened_on FROM (
      SELECT w.* FROM matter w
       WHERE (w.opened_on, w.id) < (after_on, after_id) AND (kind_ IS NULL OR w.kind = kind_)
       ORDER BY w.opened_on DESC, w.id DESC LIMIT walk) m
     WHERE (m.unit_id = ANY (units) OR guard.says(m.number, m.title, patterns)) AND @@seen:m@@
     ORDER BY m.opened_on DESC, m.id DESC LIMIT most;
  ELSE
    RETURN QUERY
    SELECT m.id, m.opened_on FROM (
      SELECT w.* FROM unnest(districts) d (district) CROSS JOIN LATERAL (
        SELECT o.* FROM matter o
         WHERE o.district = d.district AND (o.opened_on, o.id) < (after_on, after_id)
           AND (kind_ IS NULL OR o.kind = kind_)
         ORDER BY o.opened_on DESC, o.id DESC LIMIT walk) w
       ORDER BY w.opened_on DESC, w.id DESC LIMIT walk) m
     WHERE (m.unit_id = ANY (units) OR guard.says(m.number, m.title, patterns)) AND @@seen:m@@
     ORDER BY m.opened_on DESC, m.id DESC LIMIT most;
  END IF;
END $$;

-- By the words of a title, by a number, or by a unit. `long` are three letters or digits
-- of them at least, or null: the numbers' index knows nothing else, and would be read to its end.
CREATE FUNCTION guard.search_words(
    patterns text[], pairs text[], long text, units uuid[], kind_ text, after_on date,
    after_id uuid, most integer)
  RETURNS TABLE (matter_id uuid, opened_on date)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
@@reader@@
BEGIN
  RETURN QUERY
  WITH found AS MATERIALIZED (
    SELECT m.* FROM matter m
     WHERE cardinality(pairs) > 0 AND guard.pairs(m.title) @> pairs
       AND guard.folded(m.title) LIKE ALL (patterns)
    UNION ALL
    SELECT m.* FROM matter m
     WHERE guard.folded(m.number) LIKE long
       AND guard.folded(m.number) LIKE ALL (patterns)),
  of_units AS (
    SELECT w.* FROM unnest(units) u (id)
     CROSS JOIN unnest('{petition,lead,case,fund_item}'::text[]) k (kind)
     CROSS JOIN LATERAL (
      SELECT m.* FROM matter m
       WHERE m.unit_id = u.id AND m.kind = k.kind AND (kind_ IS NULL OR k.kind = kind_)
         AND (m.opened_on, m.id) < (after_on, after_id) AND m.opened_on <= after_on
         AND @@seen:m@@
       ORDER BY m.opened_on DESC, m.id DESC LIMIT most) w)
  SELECT s.id, s.opened_on FROM (
    SELECT m.id, m.opened_on FROM found m
     WHERE (kind_ IS NULL OR m.kind = kind_) AND (m.opened_on, m.id) < (after_on, after_id)
       AND @@seen:m@@
    UNION SELECT w.id, w.opened_on FROM of_units w) s
   ORDER BY s.opened_on DESC, s.id DESC LIMIT most;
END $$;

-- By somebody's name, or by an organisation. Whoever reads no content searches no name.
CREATE FUNCTION guard.search_names(
    keys_ text[], organisations uuid[], kind_ text, after_on date, after_id uuid, most integer)
  RETURNS TABLE (matter_id uuid, opened_on date)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
@@reader@@
BEGIN
  IF NOT guard.reads_content() THEN RETURN; END IF;
  RETURN QUERY
  WITH someone AS MATERIALIZED (
    SELECT k.person_id FROM person_key k WHERE k.keys && keys_),
  named AS MATERIALIZED (
    SELECT i.matter_id FROM someone s JOIN involvement i ON i.person_id = s.person_id
     WHERE i.ended_on IS NULL
    UNION
    SELECT i.matter_id FROM involvement i
     WHERE i.organisation_id = ANY (organisations) AND i.ended_on IS NULL)
  SELECT m.id, m.opened_on FROM named n JOIN matter m ON m.id = n.matter_id
   WHERE (kind_ IS NULL OR m.kind = kind_) AND (m.opened_on, m.id) < (after_on, after_id)
     AND @@seen:m@@
   ORDER BY m.opened_on DESC, m.id DESC LIMIT most;
END $$;

-- By what was noted, for whoever reads the notes.
CREATE FUNCTION guard.search_notes(
    patterns text[], pairs text[], kind_ text, after_on date, after_id uuid, most integer)
  RETURNS TABLE (matter_id uuid, opened_on date)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
@@reader@@
  content boolean := guard.reads_content();
  own uuid[] := guard.mine();
BEGIN
  IF cardinality(pairs) = 0 OR NOT (content OR cardinality(own) > 0) THEN RETURN; END IF;
  RETURN QUERY
  WITH noted AS MATERIALIZED (
    SELECT DISTINCT n.matter_id FROM note n
     WHERE guard.pairs(n.text) @> pairs AND guard.folded(n.text) LIKE ALL (patterns)
       AND (content OR n.matter_id = ANY (own)))
  SELECT m.id, m.opened_on FROM noted n JOIN matter m ON m.id = n.matter_id
   WHERE (kind_ IS NULL OR m.kind = kind_) AND (m.opened_on, m.id) < (after_on, after_id)
     AND @@seen:m@@
   ORDER BY m.opened_on DESC, m.id DESC LIMIT most;
END $$;

-- Which of these matters were found by the very words or names, not by one that is near.
CREATE FUNCTION guard.searched_exactly(
    among uuid[], patterns text[], units uuid[], keys_ text[], organisations uuid[])
  RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT a.matter_id FROM guard.search_among(
    among, patterns, units, keys_, organisations, NULL, 'infinity',
    'ffffffff-ffff-ffff-ffff-ffffffffffff', cardinality(among)) a;
END $$;
