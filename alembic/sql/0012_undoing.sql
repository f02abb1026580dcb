-- The earliest date survives a merge, and comes back when it is undone: of the matter itself, and
-- of those that are merged into it now.
CREATE FUNCTION guard.settle_dates(survivor_ uuid) RETURNS date
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  earliest date;
BEGIN
  IF NOT guard.works_on(survivor_) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  -- Its own day is the latest that it ever had: merging only makes it earlier.
  SELECT least(greatest(m.opened_on, (
             SELECT max(f.value::date) FROM former_fact f
              WHERE f.matter_id = m.id AND f.field = 'opened_on')), (
             SELECT min(x.opened_on) FROM matter_link k JOIN matter x ON x.id = k.from_id
              WHERE k.to_id = m.id AND k.kind = 'merged_into' AND k.ends_on IS NULL))
    INTO earliest FROM matter m WHERE m.id = survivor_;
  UPDATE matter SET opened_on = earliest WHERE id = survivor_ AND opened_on <> earliest;
  UPDATE lead SET received_on = earliest WHERE id = survivor_ AND received_on <> earliest;
  UPDATE petition SET received_on = earliest WHERE id = survivor_ AND received_on <> earliest;
  RETURN earliest;
END $$;

CREATE TRIGGER former_opening AFTER UPDATE OF opened_on ON matter
  FOR EACH ROW WHEN (OLD.opened_on IS DISTINCT FROM NEW.opened_on)
  EXECUTE FUNCTION guard.keep_former('opened_on');

DROP VIEW guard.counted_outcome;
CREATE VIEW guard.counted_outcome WITH (security_barrier) AS
SELECT o.id, o.matter_id, o.kind, o.measure, o.form, o.quantity, o.decided_on, o.recorded_at,
       o.involvement_id, i.person_id, i.organisation_id, m.kind AS matter_kind, m.unit_path,
       m.campaign_id, m.source, m.responsible_leader
  FROM outcome o JOIN matter m ON m.id = o.matter_id
  LEFT JOIN involvement i ON i.id = o.involvement_id
 WHERE @@counted:m@@;

-- Which outcomes a later one replaced, and when: keys and days only, whosever they are, so that it
-- costs nothing to look up.
DROP VIEW guard.counted_replacement;
CREATE VIEW guard.counted_replacement WITH (security_barrier) AS
SELECT x.outcome_id AS replaces_id, r.decided_on, r.recorded_at
  FROM replacement x JOIN outcome r ON r.id = x.by_id
 WHERE (SELECT guard.actor()) IS NOT NULL;
