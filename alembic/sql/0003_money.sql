-- Each disposal that a lead ever had, with the day on which it was recorded: written by a trigger,
-- so that no code path forgets it, and a figure of the past can be counted again.
CREATE FUNCTION guard.keep_disposal() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO disposal (id, lead_id, method, disposed_on, filed_on)
  VALUES (gen_random_uuid(), NEW.id, NEW.method, NEW.disposed_on, NEW.filed_on);
  RETURN NULL;
END $$;

CREATE TRIGGER first_disposal AFTER INSERT ON lead FOR EACH ROW
  WHEN (NEW.method IS NOT NULL OR NEW.filed_on IS NOT NULL)
  EXECUTE FUNCTION guard.keep_disposal();
CREATE TRIGGER next_disposal AFTER UPDATE OF method, disposed_on, filed_on ON lead FOR EACH ROW
  WHEN ((NEW.method, NEW.disposed_on, NEW.filed_on)
        IS DISTINCT FROM (OLD.method, OLD.disposed_on, OLD.filed_on))
  EXECUTE FUNCTION guard.keep_disposal();

-- Money moves the version of its item, and of the lead or case that it counts for, which whoever
-- pays it out may not even see. The origin is locked first, as everywhere.
CREATE FUNCTION guard.touch_money(
    item_ uuid, seen_version integer, item_step uuid, origin_step uuid, event_ text,
    happened_on_ date, reason_ text, form_ jsonb) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  origin_ uuid := (SELECT f.origin_id FROM fund_item f WHERE f.id = item_);
  m matter%ROWTYPE;
  version_ integer;
BEGIN
  IF origin_ IS NULL OR NOT guard.works_on(item_) OR NOT guard.reads_content() THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  FOR m IN SELECT * FROM matter WHERE id IN (origin_, item_)
            ORDER BY (id = item_) FOR UPDATE LOOP
    IF m.id = item_ AND seen_version IS NOT NULL AND m.version <> seen_version THEN
      RAISE serialization_failure USING MESSAGE = 'plumbline:stale';
    END IF;
    IF EXISTS (SELECT 1 FROM profile_version p,
                      jsonb_array_elements(p.content -> 'machines' -> m.kind -> 'transitions') t
                WHERE p.id = m.profile_id AND t ->> 'event' = event_) THEN
      RAISE check_violation USING MESSAGE = 'plumbline:needs-signatures';
    END IF;
    version_ := m.version + 1;
    INSERT INTO transition (id, matter_id, version, event, from_state, to_state, actor_id,
                            reason, form, happened_on, manner)
    VALUES (CASE WHEN m.id = item_ THEN item_step ELSE origin_step END, m.id, version_, event_,
            m.state, m.state, guard.actor(), reason_, coalesce(form_, '{}'), happened_on_, 'own');
    UPDATE matter SET version = version_ WHERE id = m.id;
  END LOOP;
  RETURN version_;
END $$;

-- The day before which no money can have come in for an item. Who keeps the money may know it
-- without the lead; a case's money may have come in while its lead was looked into.
CREATE FUNCTION guard.origin_began(item_ uuid) RETURNS date
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT least(
           coalesce(l.received_on, o.opened_on),
           (SELECT min(r.received_on) FROM matter_link k JOIN lead r ON r.id = k.from_id
             WHERE k.to_id = o.id AND k.kind = 'lead_case'))
    FROM fund_item f JOIN matter o ON o.id = f.origin_id LEFT JOIN lead l ON l.id = o.id
   WHERE f.id = item_ AND guard.works_on(item_)
$$;

-- As before, and: two sessions that pay from one item at the same moment wait for each other;
-- a reversal is the mirror of what it reverses; typed money moves between the accounts of its
-- kind, of one item, and by the hand whose turn it is.
CREATE OR REPLACE FUNCTION guard.check_entry() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  entry_ uuid := coalesce(to_jsonb(NEW) ->> 'entry_id', to_jsonb(NEW) ->> 'id')::uuid;
  e journal_entry%ROWTYPE;
  f fund_item%ROWTYPE;
BEGIN
  SELECT * INTO e FROM journal_entry WHERE id = entry_;
  IF (SELECT coalesce(sum(amount), 0) <> 0 OR count(*) < 2 FROM posting WHERE entry_id = entry_)
     OR (e.kind = 'reversal') <> (e.reverses_id IS NOT NULL)
     OR EXISTS (SELECT 1 FROM posting WHERE entry_id IN (entry_, e.reverses_id)
                   AND e.reverses_id IS NOT NULL
                 GROUP BY account, fund_item_id HAVING sum(amount) <> 0) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:unbalanced';
  END IF;
  -- What the bank did is a fact, even where it contradicts a rule; what is typed must obey.
  IF e.bank_line_id IS NOT NULL OR e.fund_item_id IS NULL THEN RETURN NULL; END IF;
  SELECT * INTO f FROM fund_item WHERE id = e.fund_item_id FOR NO KEY UPDATE;
  IF (SELECT coalesce(sum(amount), 0) FROM posting
       WHERE fund_item_id = f.id AND account = 'bank') < 0 THEN
    RAISE check_violation USING MESSAGE = 'plumbline:more-than-received';
  END IF;
  IF e.kind <> 'reversal' AND EXISTS (
       SELECT 1 FROM posting p WHERE p.entry_id = entry_ AND (
         p.fund_item_id IS DISTINCT FROM e.fund_item_id
         OR p.account NOT IN ('bank', CASE e.kind
              WHEN 'receipt' THEN 'payer' WHEN 'return' THEN 'refund'
              WHEN 'treasury' THEN 'treasury' WHEN 'criminal_case' THEN 'criminal_case'
              WHEN 'release' THEN 'released' END)
         OR (p.account = 'bank') <> ((p.amount > 0) = (e.kind = 'receipt')))) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:unbalanced';
  END IF;
  IF (e.kind = 'receipt' AND e.recorded_by IN (f.kept_by, f.decided_by, f.paid_by))
     OR (e.kind IN ('return', 'treasury', 'criminal_case', 'release')
         AND e.recorded_by IN (f.taken_in_by, f.kept_by, f.decided_by))
     OR (e.kind IN ('return', 'treasury', 'criminal_case') AND f.decided_by IS NULL)
  THEN
    RAISE check_violation USING MESSAGE = 'plumbline:four-people';
  END IF;
  RETURN NULL;
END $$;
