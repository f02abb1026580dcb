-- Open matters that want a handler and have none, kept as they come and go: of a million matters a
-- desk would have to ask each open one who is on its team.
CREATE FUNCTION guard.watch_handler() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  it uuid := CASE TG_TABLE_NAME WHEN 'matter' THEN to_jsonb(NEW) ->> 'id'
                                ELSE to_jsonb(NEW) ->> 'matter_id' END;
BEGIN
  IF TG_TABLE_NAME = 'team_member' THEN
    -- Two who leave at the same time take turns: each would leave the matter to the other.
    PERFORM 1 FROM matter m WHERE m.id = it FOR NO KEY UPDATE;
  END IF;
  INSERT INTO handler_wanted (matter_id)
  SELECT m.id FROM matter m
   WHERE m.id = it AND m.closed_on IS NULL AND m.assigned_unit_id IS NOT NULL
     AND m.stage <> 'share' AND m.kind <> 'fund_item'
     AND NOT EXISTS (SELECT 1 FROM team_member t WHERE t.matter_id = m.id AND t.ends_on IS NULL)
      ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    DELETE FROM handler_wanted w
     WHERE w.matter_id = it AND NOT EXISTS (
       SELECT 1 FROM matter m
        WHERE m.id = it AND m.closed_on IS NULL AND m.assigned_unit_id IS NOT NULL
          AND m.stage <> 'share' AND m.kind <> 'fund_item'
          AND NOT EXISTS (SELECT 1 FROM team_member t WHERE t.matter_id = m.id AND t.ends_on IS NULL));
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER handler_wanted AFTER INSERT ON matter FOR EACH ROW
  WHEN (NEW.closed_on IS NULL AND NEW.assigned_unit_id IS NOT NULL AND NEW.stage <> 'share'
        AND NEW.kind <> 'fund_item')
  EXECUTE FUNCTION guard.watch_handler();
CREATE TRIGGER handler_wanted_still AFTER UPDATE ON matter FOR EACH ROW
  WHEN ((OLD.closed_on IS NULL, OLD.assigned_unit_id IS NULL, OLD.stage = 'share')
        IS DISTINCT FROM (NEW.closed_on IS NULL, NEW.assigned_unit_id IS NULL, NEW.stage = 'share'))
  EXECUTE FUNCTION guard.watch_handler();

-- Whoever joins ends the want, without a look at the matter: a new one's team is written before it.
CREATE FUNCTION guard.handler_came() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM handler_wanted w WHERE w.matter_id = NEW.matter_id;
  RETURN NULL;
END $$;
CREATE TRIGGER handler_came AFTER INSERT ON team_member FOR EACH ROW
  WHEN (NEW.ends_on IS NULL) EXECUTE FUNCTION guard.handler_came();
CREATE TRIGGER handler_left AFTER UPDATE OF ends_on ON team_member FOR EACH ROW
  WHEN (OLD.ends_on IS DISTINCT FROM NEW.ends_on) EXECUTE FUNCTION guard.watch_handler();

-- Of these the most urgent that the actor may read, twenty at most. Who joined while somebody else
-- left is looked for again. With those whose whole team has left the house.
CREATE FUNCTION guard.without_handler() RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  walled uuid[] := guard.walled();
BEGIN
  RETURN QUERY
  SELECT m.id FROM matter m JOIN handler_wanted w ON w.matter_id = m.id
   WHERE m.closed_on IS NULL AND @@content@@ AND NOT m.id = ANY (walled)
     AND NOT EXISTS (SELECT 1 FROM team_member t WHERE t.matter_id = m.id AND t.ends_on IS NULL)
   ORDER BY m.due_on, m.id LIMIT 20;
  RETURN QUERY
  SELECT DISTINCT m.id
    FROM account a JOIN team_member g ON g.account_id = a.id AND g.ends_on IS NULL
    JOIN matter m ON m.id = g.matter_id
   WHERE NOT a.active AND m.closed_on IS NULL AND m.assigned_unit_id IS NOT NULL
     AND m.stage <> 'share' AND m.kind <> 'fund_item'
     AND @@content@@ AND NOT m.id = ANY (walled)
     AND NOT EXISTS (SELECT 1 FROM team_member t JOIN account b ON b.id = t.account_id
                      WHERE t.matter_id = m.id AND t.ends_on IS NULL AND b.active);
END $$;
