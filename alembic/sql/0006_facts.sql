-- What the engine judges a matter by, in one answer. Whoever may work on the matter gets it;
-- the facts themselves are read past row security, since a rule must not hold or fail by what
-- happens to be hidden from whoever asks (a lead's outcome that intake may not read, say).

CREATE FUNCTION guard.facts(matter_ uuid) RETURNS jsonb
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  m matter%ROWTYPE;
  origin_ uuid;
BEGIN
  IF NOT guard.works_on(matter_) THEN RETURN NULL; END IF;
  SELECT * INTO m FROM matter WHERE id = matter_;
  SELECT f.origin_id INTO origin_ FROM fund_item f WHERE f.id = matter_;
  RETURN jsonb_build_object(
    'came_from', (
      SELECT t.from_state FROM transition t WHERE t.matter_id = matter_
         AND t.to_state = m.state AND t.from_state <> t.to_state ORDER BY t.version DESC LIMIT 1),
    'team', (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
               'account_id', t.account_id, 'name', a.name, 'part', t.part) ORDER BY t.part, a.name), '[]')
        FROM team_member t JOIN account a ON a.id = t.account_id
       WHERE t.matter_id = coalesce(origin_, matter_) AND t.ends_on IS NULL),
    'clocks', (
      SELECT coalesce(jsonb_agg(to_jsonb(c) - 'explanation' ORDER BY c.due_on, c.rule), '[]')
        FROM clock c WHERE c.matter_id = matter_ AND c.stopped_on IS NULL),
    'request', (
      SELECT to_jsonb(q) || jsonb_build_object('signatures', (
               SELECT coalesce(jsonb_agg(jsonb_build_object('position', s.position,
                        'account_id', s.account_id, 'verdict', s.verdict) ORDER BY s.position), '[]')
                 FROM signature s WHERE s.request_id = q.id AND s.account_id IS NOT NULL))
        FROM request q WHERE q.matter_id = matter_ AND q.status = 'open'),
    'subjects', (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
               'id', i.id, 'name', coalesce(p.name, o.name), 'code', i.code,
               'organisation', i.organisation_id IS NOT NULL, 'member', p.member,
               'public_employee', p.public_employee, 'rank', i.rank,
               'statement', EXISTS (SELECT 1 FROM statement s WHERE s.involvement_id = i.id),
               'answered', EXISTS (SELECT 1 FROM statement s WHERE s.involvement_id = i.id)
                 AND NOT EXISTS (SELECT 1 FROM statement s
                                  WHERE s.involvement_id = i.id AND s.answer IS NULL),
               'outcomes', (
                 SELECT coalesce(jsonb_agg(jsonb_build_object(
                          'kind', x.kind, 'measure', x.measure, 'form', x.form,
                          'decided_on', x.decided_on, 'impact_until', x.impact_until)
                          ORDER BY x.decided_on, x.id), '[]')
                   FROM outcome x WHERE x.involvement_id = i.id
                    AND NOT EXISTS (SELECT 1 FROM outcome r WHERE r.replaces_id = x.id)))
               ORDER BY i.code, i.id), '[]')
        FROM involvement i LEFT JOIN person p ON p.id = i.person_id
        LEFT JOIN organisation o ON o.id = i.organisation_id
       WHERE i.matter_id = matter_ AND i.part = 'subject' AND i.ended_on IS NULL),
    'conflicted', (
      SELECT coalesce(jsonb_agg(a.id), '[]') FROM account a
        JOIN involvement i ON i.person_id = a.person_id
       WHERE i.matter_id = matter_ AND i.ended_on IS NULL),
    'recused', (
      SELECT coalesce(jsonb_agg(t.form ->> 'recused'), '[]') FROM transition t
       WHERE t.matter_id = matter_ AND t.form ? 'recused' AND t.event LIKE 'recuse%'),
    'undecided_repeats', (
      SELECT count(*) FROM possible_repeat r
       WHERE matter_ IN (r.matter_id, r.other_id) AND r.decision IS NULL),
    'tasks', (
      SELECT coalesce(jsonb_agg(jsonb_build_object('kind', t.kind,
               'involvement_id', t.involvement_id, 'due_on', t.due_on) ORDER BY t.due_on), '[]')
        FROM task t WHERE t.done_on IS NULL AND (t.matter_id = matter_ OR t.matter_id IN (
               -- A case closes over what its leads still owe.
               SELECT l.from_id FROM matter_link l
                WHERE l.to_id = matter_ AND l.kind = 'lead_case' AND l.ends_on IS NULL))),
    'prosecution_returns', (
      SELECT count(*) FROM transition t
       WHERE t.matter_id = matter_ AND t.event = 'prosecution_returned'),
    'renewals', (
      SELECT count(*) FROM transition t WHERE t.matter_id = matter_ AND t.event = 'renew_hold'
         AND t.version > coalesce((SELECT max(r.version) FROM transition r
               WHERE r.matter_id = matter_ AND r.event LIKE 'reopen%'), 0)),
    'summary_by', (
      SELECT t.actor_id FROM transition t WHERE t.matter_id = matter_
         AND t.event = 'summary_written' ORDER BY t.version DESC LIMIT 1),
    'links', (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
               'link', l.kind, 'outward', l.from_id = matter_, 'id', o.id, 'kind', o.kind,
               'state', o.state, 'number', o.number, 'closed', o.closed_on IS NOT NULL,
               'has_outcome', o.closed_on IS NOT NULL
                 OR EXISTS (SELECT 1 FROM outcome x WHERE x.matter_id = o.id))
               ORDER BY o.number), '[]')
        FROM matter_link l
        JOIN matter o ON o.id = CASE WHEN l.from_id = matter_ THEN l.to_id ELSE l.from_id END
       WHERE matter_ IN (l.from_id, l.to_id) AND l.ends_on IS NULL),
    'has_money', EXISTS (
      SELECT 1 FROM journal_entry e WHERE matter_ IN (e.matter_id, e.fund_item_id)),
    'has_outcome', EXISTS (SELECT 1 FROM outcome x WHERE x.matter_id = matter_),
    'open_items', (
      SELECT count(*) FROM fund_item f JOIN matter x ON x.id = f.id
       WHERE f.origin_id = matter_ AND x.closed_on IS NULL),
    'origin', (
      SELECT jsonb_build_object('id', o.id, 'kind', o.kind, 'state', o.state, 'number', o.number,
               'closed', o.closed_on IS NOT NULL, 'assigned_path', o.assigned_path::text)
        FROM matter o WHERE o.id = origin_),
    'money', CASE WHEN origin_ IS NOT NULL THEN (
      SELECT jsonb_build_object(
               'received', coalesce(-sum(p.amount) FILTER (WHERE p.account = 'payer'), 0)::text,
               'returned', coalesce(sum(p.amount) FILTER (WHERE p.account = 'refund'), 0)::text,
               'treasury', coalesce(sum(p.amount) FILTER (WHERE p.account = 'treasury'), 0)::text,
               'criminal_case',
                 coalesce(sum(p.amount) FILTER (WHERE p.account = 'criminal_case'), 0)::text,
               'released', coalesce(sum(p.amount) FILTER (WHERE p.account = 'released'), 0)::text,
               'payees', (SELECT count(*) FROM payee y WHERE y.fund_item_id = matter_),
               'payees_total', (SELECT coalesce(sum(y.amount), 0)::text FROM payee y
                                 WHERE y.fund_item_id = matter_),
               'payees_unsigned', (SELECT count(*) FROM payee y LEFT JOIN money_return r
                   ON r.entry_id = y.paid_entry_id WHERE y.fund_item_id = matter_
                  AND (y.paid_entry_id IS NULL OR r.signed = 'not_yet')))
        FROM posting p WHERE p.fund_item_id = matter_) END,
    'own', CASE m.kind
      WHEN 'petition' THEN (SELECT to_jsonb(x) - 'content' FROM petition x WHERE x.id = matter_)
      WHEN 'lead' THEN (SELECT to_jsonb(x) FROM lead x WHERE x.id = matter_)
      WHEN 'case' THEN (SELECT to_jsonb(x) FROM "case" x WHERE x.id = matter_)
      ELSE (SELECT to_jsonb(x) FROM fund_item x WHERE x.id = matter_) END,
    'holders', (
      SELECT coalesce(jsonb_agg(jsonb_build_array(r.role, r.account_id, a.name, r.unit_path::text)
               ORDER BY r.role, nlevel(r.unit_path) DESC, a.name), '[]')
        FROM role_held r JOIN account a ON a.id = r.account_id AND a.active
       WHERE (r.unit_path <@ m.district::ltree OR r.unit_path @> m.district::ltree)
         AND nlevel(r.unit_path) > 0
         AND r.begins_on <= current_date AND (r.ends_on IS NULL OR r.ends_on > current_date)));
END $$;
REVOKE ALL ON FUNCTION guard.facts(uuid) FROM PUBLIC;
ALTER FUNCTION guard.facts(uuid) OWNER TO plumbline_guard;
GRANT EXECUTE ON FUNCTION guard.facts(uuid) TO plumbline_app;
