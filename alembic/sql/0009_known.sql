-- What a matter said of itself before it was corrected, with the moment at which that ended:
-- written by triggers, so that a figure can be counted again as it was known on a day.
CREATE FUNCTION guard.keep_former() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  field_ text;
  was text;
BEGIN
  FOREACH field_ IN ARRAY TG_ARGV LOOP
    was := to_jsonb(OLD) ->> field_;
    IF was IS DISTINCT FROM to_jsonb(NEW) ->> field_ THEN
      INSERT INTO former_fact (id, matter_id, field, value)
      VALUES (gen_random_uuid(), NEW.id, field_, was);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER former_facts AFTER UPDATE OF source, responsible_leader, campaign_id ON matter
  FOR EACH ROW WHEN ((OLD.source, OLD.responsible_leader, OLD.campaign_id)
                     IS DISTINCT FROM (NEW.source, NEW.responsible_leader, NEW.campaign_id))
  EXECUTE FUNCTION guard.keep_former('source', 'responsible_leader', 'campaign_id');
CREATE TRIGGER former_channel AFTER UPDATE OF channel ON petition
  FOR EACH ROW WHEN (OLD.channel IS DISTINCT FROM NEW.channel)
  EXECUTE FUNCTION guard.keep_former('channel');

-- The moment at which a doubt was settled, beside the office's day.
CREATE FUNCTION guard.settle_now() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  NEW.settled_at := CASE WHEN NEW.settled_on IS NULL THEN NULL ELSE now() END;
  RETURN NEW;
END $$;

CREATE TRIGGER settled_now BEFORE UPDATE OF settled_on ON doubt
  FOR EACH ROW WHEN (OLD.settled_on IS DISTINCT FROM NEW.settled_on)
  EXECUTE FUNCTION guard.settle_now();

CREATE VIEW guard.counted_former WITH (security_barrier) AS
SELECT f.matter_id, f.field, f.value, f.recorded_at
  FROM former_fact f JOIN matter m ON m.id = f.matter_id WHERE @@counted:m@@;

CREATE OR REPLACE VIEW guard.counted_doubt WITH (security_barrier) AS
SELECT d.id, d.rule, d.matter_id, d.settled_on, d.recorded_at, m.unit_path, m.campaign_id,
       m.source, m.responsible_leader, d.settled_at
  FROM doubt d LEFT JOIN matter m ON m.id = d.matter_id
 WHERE (m.id IS NOT NULL AND @@counted:m@@) OR (m.id IS NULL AND @@desk@@);
