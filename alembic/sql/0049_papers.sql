-- Papers of a matter: who works on it opens them, each opening is an event, and two people say that
-- one was attached by mistake. What shows how a report was made stays with who keeps its reporter.

-- Whether the actor may know of a paper at all; what the table's own policy asks.
CREATE FUNCTION guard.knows_paper(matter_ uuid, original_ boolean) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(guard.works_on(matter_)
     AND (guard.reads_content() OR matter_ = ANY (guard.mine()))
     AND (NOT original_ OR guard.keeps_reporter(matter_)), false)
$$;

CREATE FUNCTION guard.write_paper_reading(
    matter_ uuid, paper_ uuid, as_ text, release_ uuid) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO audit_event (at, id, matter_id, table_name, row_id, op, actor_id, use_case,
                           request_id, database_user, changes)
  VALUES (now(), gen_random_uuid(), matter_, 'matter_paper', paper_, 'READ',
          guard.actor(), nullif(current_setting('plumbline.use_case', true), ''),
          nullif(current_setting('plumbline.request', true), ''), session_user,
          jsonb_strip_nulls(jsonb_build_object('as', as_, 'release', release_)))
$$;

-- Where a paper lies. Once it counts as attached by mistake, only who heads the matter opens it: it
-- may be about somebody whom nobody else here has to know of.
CREATE FUNCTION guard.read_paper(paper_ uuid, as_ text)
  RETURNS TABLE (matter_id uuid, digest text, media text, title text, file_name text, size integer,
                 pages integer)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE p matter_paper%ROWTYPE;
BEGIN
  SELECT * INTO p FROM matter_paper x WHERE x.id = paper_;
  IF NOT FOUND OR NOT guard.knows_paper(p.matter_id, p.original) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF p.withdrawn_by IS NOT NULL AND NOT guard.heads(p.matter_id) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:paper-withdrawn';
  END IF;
  PERFORM guard.write_paper_reading(p.matter_id, p.id, CASE as_ WHEN 'picture' THEN as_ ELSE 'file' END,
                                    NULL);
  RETURN QUERY SELECT p.matter_id, p.digest, p.media, p.title, p.file_name, p.size, p.pages;
END $$;

CREATE FUNCTION guard.mark_paper(paper_ uuid, reason_ text, day_ date) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE p matter_paper%ROWTYPE;
BEGIN
  SELECT * INTO p FROM matter_paper x WHERE x.id = paper_ FOR UPDATE;
  IF NOT FOUND OR NOT guard.knows_paper(p.matter_id, p.original) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF p.marked_by IS NOT NULL THEN
    RAISE check_violation USING MESSAGE = 'plumbline:paper-marked';
  END IF;
  UPDATE matter_paper x SET marked_by = guard.actor(), marked_on = day_, mark_reason = reason_
   WHERE x.id = paper_;
END $$;

-- Confirmed, by somebody else: the table itself refuses the same hand. Or it stays what it was, and
-- that anybody says who works on the matter, whoever asked included.
CREATE FUNCTION guard.decide_paper(paper_ uuid, mistaken_ boolean, day_ date) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE p matter_paper%ROWTYPE;
BEGIN
  SELECT * INTO p FROM matter_paper x WHERE x.id = paper_ FOR UPDATE;
  IF NOT FOUND OR NOT guard.knows_paper(p.matter_id, p.original) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF p.marked_by IS NULL OR p.withdrawn_by IS NOT NULL THEN
    RAISE check_violation USING MESSAGE = 'plumbline:nothing-to-confirm';
  END IF;
  IF mistaken_ THEN
    UPDATE matter_paper x SET withdrawn_by = guard.actor(), withdrawn_on = day_ WHERE x.id = paper_;
  ELSE
    UPDATE matter_paper x SET marked_by = NULL, marked_on = NULL, mark_reason = NULL
     WHERE x.id = paper_;
  END IF;
END $$;

-- Papers that show the original wording, while it is released to the actor.
CREATE FUNCTION guard.released_papers(release_ uuid)
  RETURNS TABLE (id uuid, petition_id uuid, title text, media text, size integer, pages integer,
                 attached_on date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.id, p.matter_id, p.title, p.media, p.size, p.pages, p.attached_on
    FROM release r JOIN matter_paper p ON p.matter_id = r.petition_id
   WHERE r.id = release_ AND r.requested_by = guard.actor() AND r.wording AND r.approved
     AND r.ended_at IS NULL AND r.opens_until > now()
     AND p.original AND p.withdrawn_by IS NULL
     AND guard.asks_for(r.petition_id)
     AND NOT guard.read_undecided(r.petition_id)
   ORDER BY p.recorded_at, p.id
$$;

CREATE FUNCTION guard.read_released_paper(release_ uuid, paper_ uuid)
  RETURNS TABLE (matter_id uuid, digest text, media text, title text, file_name text, size integer,
                 pages integer)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE p matter_paper%ROWTYPE;
BEGIN
  SELECT x.* INTO p FROM guard.released_papers(release_) r JOIN matter_paper x ON x.id = r.id
   WHERE x.id = paper_;
  IF NOT FOUND THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  PERFORM guard.require_fresh();
  PERFORM guard.write_paper_reading(p.matter_id, p.id, 'file', release_);
  RETURN QUERY SELECT p.matter_id, p.digest, p.media, p.title, p.file_name, p.size, p.pages;
END $$;

-- Which of these hashes no paper has: for the operator, who sees no paper.
CREATE FUNCTION guard.unkept(digests_ text[]) RETURNS SETOF text
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.holds('{operator}') THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  RETURN QUERY SELECT d FROM unnest(digests_) d
    WHERE NOT EXISTS (SELECT 1 FROM matter_paper p WHERE p.digest = d);
END $$;
