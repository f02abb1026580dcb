-- Matters that the actor sees for having been let see them, and by nothing else: they read them, and
-- work on nothing there. Every other reason is as in guard.mine() and the policy of `matter`; nearly
-- everybody was let see nothing, which is found out first.
CREATE FUNCTION guard.only_let_see() RETURNS uuid[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  me uuid := guard.actor();
  let uuid[];
BEGIN
  IF me IS NULL THEN RETURN '{}'; END IF;
  let := ARRAY(
    SELECT g.matter_id FROM access_grant g
     WHERE g.account_id = me AND g.ended_on IS NULL
       AND g.begins_on <= current_date AND g.ends_on > current_date);
  IF let = '{}' THEN RETURN let; END IF;
  RETURN ARRAY(
    SELECT m.id FROM matter m LEFT JOIN fund_item f ON f.id = m.id
     WHERE m.id = ANY (let)
       AND (m.id IN (SELECT unnest(guard.walled()))) IS NOT TRUE
       AND (@@content@@) IS NOT TRUE
       AND NOT EXISTS (
         SELECT 1 FROM team_member t WHERE t.account_id = me AND t.ends_on IS NULL
            AND t.matter_id IN (m.id, f.origin_id))
       AND NOT EXISTS (
         SELECT 1 FROM request q
           JOIN role_held r ON r.role = q.next_role AND q.next_path <@ r.unit_path
          WHERE q.matter_id = m.id AND q.status = 'open' AND r.account_id = me
            AND r.begins_on <= current_date AND (r.ends_on IS NULL OR r.ends_on > current_date)
            AND (coalesce((q.chain -> (q.next_position - 1) ->> 'account')::uuid, me) = me
                 OR guard.seat_left(q.matter_id, q.chain -> (q.next_position - 1))))
       AND NOT EXISTS (
         SELECT 1 FROM signature s
          WHERE s.account_id = me AND s.matter_id = m.id AND s.recorded_at = now()));
END $$;

-- Whether the actor may work on a matter, not only read it.
CREATE FUNCTION guard.acts_on(wanted uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT guard.works_on(wanted) AND NOT wanted = ANY (guard.only_let_see())
$$;

-- Whatever is recorded on a matter moves its version: who only reads it is told so here.
CREATE FUNCTION guard.refuse_guest(matter_ uuid) RETURNS void
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF matter_ = ANY (guard.only_let_see()) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:only-reads';
  END IF;
END $$;
