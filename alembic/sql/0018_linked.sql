-- Whom a matter names isn't thereby kept off what is only linked to it: else a bogus petition would
-- take an investigator from a case. A head decides, within two working days; until then sealed
-- matters are withheld from the handler, and each reading of the others is written down.

-- An account's own person and its declared near relatives.
CREATE FUNCTION guard.near(account_ uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.person_id FROM account a WHERE a.id = account_ AND a.person_id IS NOT NULL
  UNION
  SELECT CASE WHEN r.person_id = a.person_id THEN r.relative_id ELSE r.person_id END
    FROM account a JOIN relative r ON a.person_id IN (r.person_id, r.relative_id)
   WHERE a.id = account_ AND r.ended_on IS NULL
$$;

-- What names any of them, and what any of that was merged into.
CREATE FUNCTION guard.named_in(account_ uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE behind AS (
    SELECT i.matter_id FROM guard.near(account_) AS n (person_id)
      JOIN involvement i ON i.person_id = n.person_id
     WHERE i.ended_on IS NULL
    UNION
    SELECT l.to_id FROM behind b JOIN matter_link l ON l.from_id = b.matter_id
     WHERE l.kind = 'merged_into' AND l.ends_on IS NULL)
  SELECT matter_id FROM behind
$$;

-- Open matters that an account handles and that are linked to one that names it or a relative,
-- where nobody decided yet whether it keeps off; since when all of that holds.
CREATE FUNCTION guard.undecided_links(account_ uuid)
  RETURNS TABLE (matter_id uuid, linked_id uuid, since date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH named AS MATERIALIZED (SELECT n.matter_id FROM guard.named_in(account_) AS n (matter_id)),
  pairs AS (
    SELECT t.matter_id, n.matter_id AS linked_id, max(greatest(t.begins_on, l.begins_on)) AS since
      FROM named n
      JOIN matter_link l ON n.matter_id IN (l.from_id, l.to_id)
       AND l.kind <> 'merged_into' AND l.ends_on IS NULL
      JOIN team_member t
        ON t.matter_id = CASE WHEN l.from_id = n.matter_id THEN l.to_id ELSE l.from_id END
       AND t.account_id = account_ AND t.ends_on IS NULL
     GROUP BY t.matter_id, n.matter_id)
  SELECT p.matter_id, p.linked_id, greatest(p.since, (
           SELECT max(i.begins_on) FROM involvement i
            WHERE i.matter_id = p.linked_id AND i.ended_on IS NULL
              AND i.person_id IN (SELECT guard.near(account_))))
    FROM pairs p JOIN matter m ON m.id = p.matter_id
   WHERE m.closed_on IS NULL
     AND NOT EXISTS (SELECT 1 FROM named n WHERE n.matter_id = p.matter_id)
     AND NOT EXISTS (SELECT 1 FROM wall w WHERE w.matter_id = p.matter_id
                        AND w.account_id = account_ AND w.ended_on IS NULL)
     AND NOT EXISTS (SELECT 1 FROM linked_decision d WHERE d.matter_id = p.matter_id
                        AND d.account_id = account_ AND d.linked_id = p.linked_id)
$$;

CREATE OR REPLACE FUNCTION guard.walls_of(account_ uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE behind AS (
    SELECT n.matter_id FROM guard.named_in(account_) AS n (matter_id)
    UNION
    SELECT w.matter_id FROM wall w WHERE w.account_id = account_ AND w.ended_on IS NULL
    UNION
    SELECT l.to_id FROM behind b JOIN matter_link l ON l.from_id = b.matter_id
     WHERE l.kind = 'merged_into' AND l.ends_on IS NULL),
  kept AS (
    SELECT matter_id FROM behind
    UNION
    SELECT u.matter_id FROM guard.undecided_links(account_) u JOIN matter m ON m.id = u.matter_id
     WHERE m.classification = 2)
  SELECT matter_id FROM kept
  UNION
  SELECT f.id FROM kept k JOIN fund_item f ON f.origin_id = k.matter_id
$$;

-- Whether a decision on the actor is open: then each reading is written down.
CREATE FUNCTION guard.read_undecided(matter_ uuid) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE held jsonb := guard.scope();
BEGIN
  -- Whom nothing names has nothing to be decided on; guard.enter() found that out already.
  IF held IS NULL OR held ->> 'walled' = 'false' THEN RETURN false; END IF;
  RETURN EXISTS (SELECT 1 FROM guard.undecided_links((held ->> 'actor')::uuid) u
                  WHERE u.matter_id = matter_);
END $$;

CREATE FUNCTION guard.write_reading(matter_ uuid) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF guard.read_undecided(matter_) THEN
    INSERT INTO linked_reading (id, matter_id, account_id)
    VALUES (gen_random_uuid(), matter_, guard.actor());
  END IF;
END $$;

-- Accounts that anything names: the only ones that need asking.
CREATE FUNCTION guard.named_accounts() RETURNS TABLE (id uuid, name text, person_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, a.name, a.person_id FROM account a
   WHERE a.person_id IS NOT NULL AND EXISTS (
     SELECT 1 FROM guard.near(a.id) AS n (person_id) JOIN involvement i
         ON i.person_id = n.person_id AND i.ended_on IS NULL)
$$;

-- What the actor heads and may decide: who handles what, and which linked matter names them. One
-- about the actor's own hands is somebody else's to decide.
CREATE FUNCTION guard.links_to_decide()
  RETURNS TABLE (matter_id uuid, account_id uuid, name text, linked_id uuid, since date,
                 readings bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT u.matter_id, a.id, a.name, u.linked_id, u.since,
         (SELECT count(*) FROM linked_reading r
           WHERE r.matter_id = u.matter_id AND r.account_id = a.id)
    FROM guard.named_accounts() a CROSS JOIN LATERAL guard.undecided_links(a.id) u
   WHERE a.id <> guard.actor() AND guard.heads(u.matter_id) AND guard.works_on(u.linked_id)
$$;

CREATE FUNCTION guard.decide_link(
    matter_ uuid, account_ uuid, linked_ uuid, keeps_off_ boolean, reason_ text, day_ date)
  RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM guard.links_to_decide() q
                  WHERE q.matter_id = matter_ AND q.account_id = account_
                    AND q.linked_id = linked_) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  INSERT INTO linked_decision
    (id, matter_id, account_id, linked_id, keeps_off, reason, decided_by, decided_on)
  VALUES (gen_random_uuid(), matter_, account_, linked_, keeps_off_, reason_, guard.actor(), day_);
  IF keeps_off_ THEN
    INSERT INTO wall (id, matter_id, account_id, cause, reason, made_by, made_on)
    VALUES (gen_random_uuid(), matter_, account_, 'linked', reason_, guard.actor(), day_)
    ON CONFLICT (matter_id, account_id) WHERE ended_on IS NULL DO NOTHING;
  END IF;
END $$;

-- What was declared or decided, with its reason, for whoever heads the matter and isn't meant.
CREATE FUNCTION guard.walls_to_lift(matter_ uuid)
  RETURNS TABLE (account_id uuid, name text, cause text, reason text, made_by text, made_on date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, a.name, w.cause, coalesce(w.reason, q.reason), b.name, w.made_on
    FROM wall w JOIN account a ON a.id = w.account_id JOIN account b ON b.id = w.made_by
    LEFT JOIN request q ON q.id = w.request_id
   WHERE w.matter_id = matter_ AND w.ended_on IS NULL AND w.account_id <> guard.actor()
     AND guard.heads(matter_)
$$;

CREATE FUNCTION guard.lift_wall(matter_ uuid, account_ uuid, reason_ text, day_ date) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM guard.walls_to_lift(matter_) w WHERE w.account_id = account_) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  UPDATE wall w SET ended_on = day_, lifted_by = guard.actor(), lifted_reason = reason_
   WHERE w.matter_id = matter_ AND w.account_id = account_ AND w.ended_on IS NULL;
END $$;

-- Handlers of the actor's cases whom two reports or more accuse within the time, as far as the
-- actor may open the reports themselves.
CREATE FUNCTION guard.accused_handlers(since_ date)
  RETURNS TABLE (matter_id uuid, account_id uuid, name text, reports uuid[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.matter_id, a.id, a.name, array_agg(DISTINCT r.id)
    FROM guard.named_accounts() a
    JOIN involvement i ON i.person_id = a.person_id AND i.part = 'subject' AND i.ended_on IS NULL
    JOIN matter r ON r.id = i.matter_id AND r.kind IN ('petition', 'lead')
     AND r.opened_on >= since_
    JOIN team_member t ON t.account_id = a.id AND t.ends_on IS NULL AND t.matter_id <> r.id
    JOIN matter m ON m.id = t.matter_id AND m.kind = 'case' AND m.closed_on IS NULL
   WHERE a.id <> guard.actor() AND guard.heads(m.id) AND guard.works_on(r.id)
   GROUP BY t.matter_id, a.id, a.name
  HAVING count(DISTINCT r.id) > 1
$$;
