-- What an open import needs beyond the first migration: to find matters of its own districts
-- again, to put right what came in another order, and to see what looks like the same matter.

-- Ids and dates, no names: of the districts that the actor imports for.
DROP FUNCTION guard.import_matters(text);
CREATE FUNCTION guard.import_matters(kind_ text)
  RETURNS TABLE (id uuid, number text, unit_id uuid, unit_path text, opened_on date,
                 state text, classification integer, assigned_unit_id uuid, assigned_path text,
                 fund_item_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH reach AS MATERIALIZED (
    SELECT r AS path
      FROM unnest(guard.reach('{operator,lead_manager,intake_officer,petitions_head,finance}')) r
     WHERE guard.import_batch() IS NOT NULL)
  SELECT m.id, m.number, m.unit_id, m.unit_path::text, m.opened_on, m.state, m.classification,
         m.assigned_unit_id, m.assigned_path::text, f.id
    FROM matter m
    LEFT JOIN LATERAL (SELECT i.id FROM fund_item i WHERE i.origin_id = m.id AND i.undivided
                        ORDER BY i.id LIMIT 1) f ON m.kind = 'lead'
   WHERE m.kind = kind_
     AND (EXISTS (SELECT 1 FROM reach WHERE path = ''::ltree)
          OR m.district IN (SELECT subpath(path, 0, 1)::text FROM reach WHERE path <> ''::ltree))
$$;

-- Money in suspense whose lead may be known by now, with what its line says about it.
DROP FUNCTION guard.import_suspended();
CREATE FUNCTION guard.import_suspended()
  RETURNS TABLE (entry_id uuid, line_id uuid, cited text, happened_on date, amount numeric,
                 serial text, counterparty text, summary text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.id, b.id, b.cited, e.happened_on, b.credit - b.debit, b.serial, b.counterparty,
         b.summary
    FROM journal_entry e JOIN bank_line b ON b.id = e.bank_line_id
   WHERE e.kind = 'suspense' AND b.cited IS NOT NULL AND guard.import_batch() IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_id = e.id)
$$;

-- Lines of earlier statements that a correction may undo: on the other side, of that amount, and
-- standing. `legs` is what their entry posted.
CREATE FUNCTION guard.import_uncorrected(account_ text, amounts numeric[])
  RETURNS TABLE (line_id uuid, entry_id uuid, matter_id uuid, fund_item_id uuid, unit_id uuid,
                 happened_on date, credit numeric, debit numeric, counterparty text, cited text,
                 legs jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT b.id, e.id, e.matter_id, e.fund_item_id, e.unit_id, b.happened_on, b.credit, b.debit,
         b.counterparty, b.cited,
         (SELECT jsonb_agg(jsonb_build_array(p.account, p.fund_item_id, p.amount::text))
            FROM posting p WHERE p.entry_id = e.id)
    FROM bank_line b JOIN journal_entry e ON e.bank_line_id = b.id AND e.kind <> 'reversal'
   WHERE b.account_number = account_ AND b.credit + b.debit = ANY (amounts)
     AND guard.import_batch() IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_id = e.id)
     AND NOT EXISTS (SELECT 1 FROM bank_line c WHERE c.corrects_id = b.id)
   ORDER BY b.happened_on DESC, b.serial DESC
$$;

-- Findings, and the doubts about them, find the leads that came after them.
DROP FUNCTION guard.import_attach_finding(uuid, uuid);
CREATE FUNCTION guard.import_attach_findings(findings uuid[], leads uuid[]) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE met integer;
BEGIN
  IF guard.import_batch() IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'no import is open';
  END IF;
  UPDATE finding f SET lead_id = x.lead_id
    FROM unnest(findings, leads) AS x (finding_id, lead_id)
   WHERE f.id = x.finding_id AND f.lead_id IS NULL;
  GET DIAGNOSTICS met = ROW_COUNT;
  UPDATE doubt d SET matter_id = f.lead_id
    FROM finding f
   WHERE d.subject_id = f.id AND f.id = ANY (findings) AND d.matter_id IS NULL;
  RETURN met;
END $$;

-- Cases of a register that name a lead which was not known when they were imported.
CREATE FUNCTION guard.import_waiting_cases()
  RETURNS TABLE (id uuid, lead_number text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.id, t.form ->> 'lead_number'
    FROM matter m JOIN transition t ON t.matter_id = m.id AND t.version = 1
   WHERE m.kind = 'case' AND m.import_batch_id IS NOT NULL AND t.form ? 'lead_number'
     AND guard.import_batch() IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM matter_link k WHERE k.to_id = m.id AND k.kind = 'lead_case')
$$;

-- Leads that brought their own case in, so that a register of cases doesn't bring it twice.
CREATE FUNCTION guard.import_cases_of_leads()
  RETURNS TABLE (lead_id uuid, case_number text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT k.from_id, m.number
    FROM matter_link k JOIN matter m ON m.id = k.to_id
   WHERE k.kind = 'lead_case' AND k.ends_on IS NULL AND guard.import_batch() IS NOT NULL
$$;

-- What looks like the same matter: noted with the reason, for the lead manager to decide. Each
-- matter meets its nearest earlier neighbour only, so that a long history stays a short list.
CREATE FUNCTION guard.import_repeats(batch_ uuid) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  made integer := 0;
  met integer;
BEGIN
  IF guard.import_batch() IS DISTINCT FROM batch_ THEN
    RAISE insufficient_privilege USING MESSAGE = 'no import is open';
  END IF;
  -- The same person in the same unit, within a year.
  WITH touched AS MATERIALIZED (
    SELECT DISTINCT i.person_id FROM matter m JOIN involvement i ON i.matter_id = m.id
     WHERE m.import_batch_id = batch_ AND m.kind IN ('lead', 'petition')
       AND i.part = 'subject' AND i.person_id IS NOT NULL),
  history AS (
    SELECT m.id, m.opened_on, m.import_batch_id = batch_ AS fresh,
           lag(m.id) OVER w AS other_id, lag(m.opened_on) OVER w AS other_on,
           lag(m.import_batch_id = batch_) OVER w AS other_fresh
      FROM touched t
      JOIN involvement i ON i.person_id = t.person_id AND i.part = 'subject'
                        AND i.ended_on IS NULL
      JOIN matter m ON m.id = i.matter_id AND m.kind IN ('lead', 'petition')
    WINDOW w AS (PARTITION BY i.person_id, m.unit_id ORDER BY m.opened_on, m.id))
  INSERT INTO possible_repeat (id, matter_id, other_id, why)
  SELECT gen_random_uuid(), h.id, h.other_id,
         '{"reason": "person_and_unit"}'
    FROM (SELECT DISTINCT id, other_id, other_on, opened_on, fresh, other_fresh FROM history) h
   WHERE h.other_id IS NOT NULL AND (h.fresh OR h.other_fresh)
     AND h.opened_on - h.other_on <= 365
     AND NOT EXISTS (SELECT 1 FROM matter_link k WHERE k.ends_on IS NULL
                      AND k.from_id IN (h.id, h.other_id) AND k.to_id IN (h.id, h.other_id))
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS met = ROW_COUNT;
  made := made + met;
  -- Words alike in the same unit, within two months, where one of the two names nobody: two
  -- matters about two people are two matters.
  WITH unnamed AS MATERIALIZED (
    SELECT m.id, m.unit_id, m.opened_on, m.import_batch_id = batch_ AS fresh,
           left(coalesce(l.what, p.content), 300) AS words
      FROM matter m
      LEFT JOIN lead l ON l.id = m.id LEFT JOIN petition p ON p.id = m.id
     WHERE m.kind IN ('lead', 'petition')
       AND m.unit_id IN (SELECT DISTINCT x.unit_id FROM matter x
                          WHERE x.import_batch_id = batch_ AND x.kind IN ('lead', 'petition'))
       AND NOT EXISTS (SELECT 1 FROM involvement i
                        WHERE i.matter_id = m.id AND i.part = 'subject'))
  INSERT INTO possible_repeat (id, matter_id, other_id, why)
  SELECT gen_random_uuid(), x.later, x.earlier,
         jsonb_build_object('reason', 'words', 'likeness', round(max(x.likeness)::numeric, 2))
    FROM (
      SELECT CASE WHEN (o.opened_on, o.id) > (u.opened_on, u.id) THEN o.id ELSE u.id END AS later,
             CASE WHEN (o.opened_on, o.id) > (u.opened_on, u.id) THEN u.id ELSE o.id END
               AS earlier, o.likeness
        FROM unnamed u CROSS JOIN LATERAL (
          SELECT m.id, m.opened_on, similarity(u.words, coalesce(l.what, p.content)) AS likeness
            FROM matter m
            LEFT JOIN lead l ON l.id = m.id LEFT JOIN petition p ON p.id = m.id
           WHERE m.unit_id = u.unit_id AND m.kind IN ('lead', 'petition') AND m.id <> u.id
             AND (u.fresh OR m.import_batch_id = batch_)
             AND m.opened_on BETWEEN u.opened_on - 60 AND u.opened_on + 60
           ORDER BY 3 DESC, m.id LIMIT 1) o
       WHERE char_length(u.words) >= 4 AND o.likeness >= 0.5) x
   WHERE NOT EXISTS (SELECT 1 FROM matter_link k WHERE k.ends_on IS NULL
                      AND k.from_id IN (x.later, x.earlier) AND k.to_id IN (x.later, x.earlier))
   GROUP BY x.later, x.earlier
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS met = ROW_COUNT;
  RETURN made + met;
END $$;

-- The reasons and numbers of what an import found, for whoever imported.
CREATE FUNCTION guard.import_repeats_found(batch_ uuid)
  RETURNS TABLE (number text, other_number text, why jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.number, o.number, r.why
    FROM possible_repeat r JOIN matter m ON m.id = r.matter_id JOIN matter o ON o.id = r.other_id
   WHERE guard.import_batch() = batch_ AND r.decision IS NULL
     AND (m.import_batch_id = batch_ OR o.import_batch_id = batch_)
   ORDER BY m.number, o.number
$$;

CREATE FUNCTION guard.import_doubts_found(batch_ uuid)
  RETURNS TABLE (rule text, "row" integer, number text, "values" jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.rule, d.row, m.number, d.values
    FROM doubt d LEFT JOIN matter m ON m.id = d.matter_id
   WHERE guard.import_batch() = batch_ AND d.batch_id = batch_ AND d.settled_on IS NULL
   ORDER BY d.rule, d.row NULLS LAST, m.number
$$;
