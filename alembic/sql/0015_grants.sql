-- Seeing a matter for a time, and standing in for somebody while they are away.

-- As before, and: matters that somebody was let see until a day, and for a reason.
CREATE OR REPLACE FUNCTION guard.mine() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH me AS (SELECT guard.actor() AS id),
  team AS (
    SELECT t.matter_id FROM team_member t, me
     WHERE t.account_id = me.id AND t.ends_on IS NULL)
  SELECT coalesce(array_agg(matter_id), '{}') FROM (
    SELECT matter_id FROM team
    UNION
    SELECT f.id FROM fund_item f JOIN team ON team.matter_id = f.origin_id
    UNION
    SELECT g.matter_id FROM access_grant g JOIN me ON me.id = g.account_id
     WHERE g.ended_on IS NULL AND g.begins_on <= current_date AND g.ends_on > current_date
    UNION
    SELECT q.matter_id FROM request q
      JOIN role_held r ON r.role = q.next_role AND q.next_path <@ r.unit_path
      JOIN me ON me.id = r.account_id
     WHERE q.status = 'open' AND r.begins_on <= current_date
       AND (r.ends_on IS NULL OR r.ends_on > current_date)
    UNION
    -- Signed in this very transaction: the last signer carries the step out.
    SELECT s.matter_id FROM signature s JOIN me ON me.id = s.account_id
     WHERE s.recorded_at = now()) m
$$;

-- Whether the actor heads a matter: who lets others see it.
CREATE FUNCTION guard.heads(wanted uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT guard.works_on(wanted) AND EXISTS (
    SELECT 1 FROM matter m LEFT JOIN fund_item f ON f.id = m.id
      LEFT JOIN matter o ON o.id = f.origin_id
     WHERE m.id = wanted AND (
       m.unit_path <@ guard.reach('{lead_manager,deputy,chief}')
       OR coalesce(m.assigned_path, o.assigned_path) <@ guard.reach('{department_head}')
       OR (m.kind = 'petition' AND m.unit_path <@ guard.reach('{petitions_head}'))
       OR (m.adjudicated AND m.unit_path <@ guard.reach('{adjudication_head}'))))
$$;

CREATE FUNCTION guard.grant_access(
    grant_ uuid, matter_ uuid, account_ uuid, reason_ text, begins_ date, ends_ date)
  RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.heads(matter_) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF account_ = guard.actor()
     OR EXISTS (SELECT 1 FROM guard.walled_from(matter_) w WHERE w.account_id = account_)
     OR NOT EXISTS (SELECT 1 FROM account a WHERE a.id = account_ AND a.active)
     OR EXISTS (SELECT 1 FROM role_held r WHERE r.account_id = account_
                   AND r.role IN ('administrator', 'operator', 'auditor', 'reporting_unit')
                   AND (r.ends_on IS NULL OR r.ends_on > current_date)) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:not-to-be-granted';
  END IF;
  INSERT INTO access_grant (id, matter_id, account_id, reason, begins_on, ends_on, granted_by)
  VALUES (grant_, matter_, account_, reason_, begins_, ends_, guard.actor());
END $$;

CREATE FUNCTION guard.end_grant(grant_ uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE access_grant g SET ended_on = current_date
   WHERE g.id = grant_ AND g.ended_on IS NULL
     AND (guard.heads(g.matter_id) OR g.account_id = guard.actor());
  RETURN FOUND;
END $$;

-- Somebody else holds what the actor holds, between two days. What was held for another is not
-- passed on, and what is kept apart (administering, auditing, reporting) stays so.
CREATE FUNCTION guard.delegate(
    delegation_ uuid, to_ uuid, reason_ text, begins_ date, ends_ date) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  me uuid := guard.actor();
  apart text[] := '{administrator,operator,auditor,reporting_unit}';
  made integer;
BEGIN
  IF me IS NULL OR to_ = me OR begins_ < current_date OR ends_ <= begins_
     OR NOT EXISTS (SELECT 1 FROM account a WHERE a.id = to_ AND a.active)
     OR EXISTS (SELECT 1 FROM role_held r WHERE r.account_id = to_ AND r.role = ANY (apart)
                   AND (r.ends_on IS NULL OR r.ends_on > current_date)) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:not-to-be-granted';
  END IF;
  INSERT INTO delegation (id, from_id, to_id, reason, begins_on, ends_on)
  VALUES (delegation_, me, to_, reason_, begins_, ends_);
  INSERT INTO role_held (id, account_id, role, unit_id, unit_path, begins_on, ends_on,
                         delegation_id)
  SELECT gen_random_uuid(), to_, r.role, r.unit_id, r.unit_path, begins_, ends_, delegation_
    FROM role_held r
   WHERE r.account_id = me AND r.delegation_id IS NULL AND NOT r.role = ANY (apart)
     AND r.begins_on <= begins_ AND (r.ends_on IS NULL OR r.ends_on >= ends_);
  GET DIAGNOSTICS made = ROW_COUNT;
  IF made = 0 THEN
    RAISE check_violation USING MESSAGE = 'plumbline:not-to-be-granted';
  END IF;
  RETURN made;
END $$;

CREATE FUNCTION guard.end_delegation(delegation_ uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE delegation d SET ended_on = current_date
   WHERE d.id = delegation_ AND d.ended_on IS NULL
     AND (d.from_id = guard.actor() OR guard.manages(d.from_id));
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE role_held SET ends_on = greatest(current_date, begins_on)
   WHERE delegation_id = delegation_ AND ends_on > current_date;
  RETURN true;
END $$;
