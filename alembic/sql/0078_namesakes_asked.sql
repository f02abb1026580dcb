-- Names are compared without brackets, titles and dots: whoever is reported as 高静（副书记） has the
-- name of a colleague 高静.

-- Of all that stands on open matters, what was never asked: names from before they were compared, or
-- from before they were compared so. For the owner, when it upgrades.
CREATE FUNCTION guard.ask_everywhere() RETURNS bigint
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH colleagues AS (
    SELECT a.id, guard.bare_name(a.name) AS name FROM account a WHERE a.active
    UNION
    SELECT a.id, guard.bare_name(q.name) FROM account a JOIN person q ON q.id = a.person_id
     WHERE a.active),
  asked AS (
    INSERT INTO namesake (id, matter_id, involvement_id, account_id, works)
    SELECT gen_random_uuid(), m.id, i.id, a.id,
           a.id IS NOT DISTINCT FROM m.made_by OR EXISTS (
             SELECT 1 FROM team_member t
              WHERE t.matter_id = m.id AND t.account_id = a.id AND t.ends_on IS NULL)
      FROM colleagues c JOIN person p ON guard.bare_name(p.name) = c.name
      JOIN involvement i ON i.person_id = p.id AND i.ended_on IS NULL
      JOIN matter m ON m.id = i.matter_id AND m.closed_on IS NULL
      JOIN account a ON a.id = c.id
      LEFT JOIN person q ON q.id = a.person_id
     WHERE q.id IS DISTINCT FROM p.id AND (q.id_index = p.id_index) IS NOT FALSE
       AND EXISTS (
         SELECT 1 FROM role_held r
          WHERE r.account_id = a.id AND r.role NOT IN ('administrator', 'operator')
            AND (r.ends_on IS NULL OR r.ends_on > current_date)
            AND (r.unit_path @> m.unit_path OR r.unit_path <@ m.district::ltree))
    ON CONFLICT (involvement_id, account_id) DO NOTHING
    RETURNING 1)
  SELECT count(*) FROM asked
$$;

-- What the actor is to say of open matters, the oldest question first: their own rule is asked of each
-- matter, of those within their reach.
CREATE FUNCTION guard.namesakes_to_answer(most integer)
  RETURNS TABLE (matter_id uuid, involvement_id uuid, account_id uuid, person text, login text,
                 unit_name text, asked_at timestamptz)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  wide ltree[] := guard.reach('{lead_manager,deputy,chief}');
  department ltree[] := guard.reach('{department_head}');
  petitions ltree[] := guard.reach('{petitions_head,intake_officer}');
  judges ltree[] := guard.reach('{adjudication_head}');
BEGIN
  RETURN QUERY
  SELECT w.id, q.involvement_id, q.account_id, q.person, q.login, q.unit_name, w.asked_at
    FROM (
      SELECT m.id, min(k.recorded_at) AS asked_at
        FROM namesake k JOIN matter m ON m.id = k.matter_id
       WHERE k.answer IS NULL AND m.closed_on IS NULL
         AND (m.unit_path <@ wide OR m.assigned_path <@ department
              OR (m.kind = 'petition' AND m.unit_path <@ petitions)
              OR (m.adjudicated AND m.unit_path <@ judges))
       GROUP BY m.id ORDER BY min(k.recorded_at), m.id OFFSET 0) w
    CROSS JOIN LATERAL guard.namesakes_on(w.id) q
   WHERE q.answer IS NULL
   ORDER BY w.asked_at, w.id LIMIT most;
END $$;
