-- What the bank's lines count for: each once, for its whole amount, where somebody still decides.

-- As before, and in which state the item is.
DROP FUNCTION guard.import_matters(text);
CREATE FUNCTION guard.import_matters(kind_ text)
  RETURNS TABLE (id uuid, number text, unit_id uuid, unit_path text, opened_on date,
                 state text, classification integer, assigned_unit_id uuid, assigned_path text,
                 fund_item_state text, fund_item_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH reach AS MATERIALIZED (
    SELECT r AS path
      FROM unnest(guard.reach('{operator,lead_manager,intake_officer,petitions_head,finance}')) r
     WHERE guard.import_batch() IS NOT NULL)
  SELECT m.id, m.number, m.unit_id, m.unit_path::text, m.opened_on, m.state, m.classification,
         m.assigned_unit_id, m.assigned_path::text, f.state, f.id
    FROM matter m
    LEFT JOIN LATERAL (SELECT i.id, x.state FROM fund_item i JOIN matter x ON x.id = i.id
                        WHERE i.origin_id = m.id AND i.undivided
                        ORDER BY i.id LIMIT 1) f ON m.kind = 'lead'
   WHERE m.kind = kind_
     AND (EXISTS (SELECT 1 FROM reach WHERE path = ''::ltree)
          OR m.district IN (SELECT subpath(path, 0, 1)::text FROM reach WHERE path <> ''::ltree))
$$;

-- Lines of a statement that cite a matter the actor is walled off from, whether or not they came
-- to its item.
CREATE FUNCTION guard.walled_citing() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(r.target_id), '{}') FROM import_row r
   WHERE r.family = 'bank' AND r.target_id IS NOT NULL
     AND r.matter_id IN (SELECT unnest(guard.walled()))
$$;

CREATE OR REPLACE FUNCTION guard.walled_lines() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(e.bank_line_id), '{}') || guard.walled_citing() FROM journal_entry e
   WHERE e.bank_line_id IS NOT NULL
     AND (e.matter_id IN (SELECT unnest(guard.walled()))
          OR e.fund_item_id IN (SELECT unnest(guard.walled())))
$$;

-- Whether a line may still come to an item, or leave it, as an entry of this kind: until what it
-- would add to is decided on (ledger.LINE_COMES). Who decides meanwhile waits, or is waited for.
CREATE FUNCTION guard.line_comes(kind_ text, item_ uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  state_ text;
BEGIN
  SELECT m.state INTO state_ FROM matter m WHERE m.id = item_ FOR SHARE;
  RETURN coalesce(CASE
    WHEN kind_ = 'receipt' THEN state_ IN ('controlled', 'in_custody', 'disposal_proposed')
    WHEN kind_ IN ('return', 'treasury') THEN
      state_ IN ('controlled', 'in_custody', 'disposal_proposed', 'settling')
  END, false);
END $$;

-- What is wrong with an entry about a line of the bank's; null where nothing is. Asked at the end,
-- when all of the line's entries are there.
CREATE FUNCTION guard.wrong_with_line(n journal_entry) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  o journal_entry%ROWTYPE;
  l bank_line%ROWTYPE;
  legs_ text[] := CASE n.kind
    WHEN 'receipt' THEN '{bank,payer}' WHEN 'return' THEN '{bank,refund}'
    WHEN 'treasury' THEN '{bank,treasury}' WHEN 'suspense' THEN '{suspense,payer}'
    WHEN 'bank_error' THEN '{bank_error,payer}' ELSE '{}' END;
BEGIN
  IF n.reverses_id IS NOT NULL THEN
    SELECT * INTO o FROM journal_entry WHERE id = n.reverses_id;
  END IF;
  SELECT * INTO l FROM bank_line WHERE id = n.bank_line_id;
  IF l.id IS NULL THEN
    RETURN CASE WHEN o.bank_line_id IS NOT NULL THEN 'plumbline:line-once' END;
  END IF;
  -- Entry by entry: a join would read every posting where an import has just written them.
  IF (l.credit - l.debit) IS DISTINCT FROM (
       SELECT sum((SELECT sum(p.amount) FROM posting p WHERE p.entry_id = e.id
                      AND p.account IN ('bank', 'suspense', 'bank_error')))
         FROM journal_entry e WHERE e.bank_line_id = l.id) THEN
    RETURN 'plumbline:line-once';
  END IF;
  IF n.reverses_id IS NULL THEN
    IF n.happened_on <> l.happened_on
       OR (n.fund_item_id IS NULL) <> (n.kind IN ('suspense', 'bank_error'))
       -- Where it counts for nothing yet, it always did.
       OR (n.fund_item_id IS NULL AND EXISTS (
         SELECT 1 FROM journal_entry e WHERE e.bank_line_id = l.id AND e.recorded_at <> now()))
       OR EXISTS (
         SELECT 1 FROM posting p WHERE p.entry_id = n.id AND (
           p.fund_item_id IS DISTINCT FROM n.fund_item_id OR p.account <> ALL (legs_)
           OR (p.account = 'bank' AND (p.amount > 0) <> (n.kind = 'receipt')))) THEN
      RETURN 'plumbline:line-once';
    END IF;
    RETURN CASE WHEN n.fund_item_id IS NOT NULL AND NOT guard.line_comes(n.kind, n.fund_item_id)
                THEN 'plumbline:line-comes' END;
  END IF;
  -- Undone by its own line, which counts elsewhere then, or by the bank's correction of it.
  IF o.bank_line_id IS NULL OR o.bank_line_id NOT IN (l.id, coalesce(l.corrects_id, l.id))
     OR (o.bank_line_id = l.id AND o.kind NOT IN ('suspense', 'receipt', 'return', 'treasury')) THEN
    RETURN 'plumbline:line-once';
  END IF;
  -- What the bank itself took back is a fact, whatever rests on it.
  IF o.bank_line_id <> l.id OR o.fund_item_id IS NULL THEN RETURN NULL; END IF;
  IF o.recorded_by = n.recorded_by THEN RETURN 'plumbline:second-recorder'; END IF;
  IF NOT guard.line_comes(o.kind, o.fund_item_id) THEN RETURN 'plumbline:line-stays'; END IF;
  PERFORM 1 FROM fund_item WHERE id = o.fund_item_id FOR NO KEY UPDATE;
  RETURN CASE WHEN o.kind = 'receipt' AND (
      SELECT coalesce(sum(amount), 0) FROM posting
       WHERE fund_item_id = o.fund_item_id AND account = 'bank') < 0
    THEN 'plumbline:more-than-received' END;
END $$;

-- The owner's own hand obeys nobody; who it is costs more than all the rest, and is asked last.
CREATE FUNCTION guard.check_line() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  wrong_ text := guard.wrong_with_line(NEW);
BEGIN
  IF wrong_ IS NOT NULL AND guard.actor() IS NOT NULL THEN
    RAISE check_violation USING MESSAGE = wrong_;
  END IF;
  RETURN NULL;
END $$;
