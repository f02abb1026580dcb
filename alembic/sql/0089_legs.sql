-- Whoever chooses when checks are made (SET CONSTRAINTS) had an entry weighed before its legs were
-- there, and the legs never: so each of them asks, whenever it comes.
CREATE OR REPLACE FUNCTION guard.check_line() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  e journal_entry%ROWTYPE;
  wrong_ text;
BEGIN
  SELECT * INTO e FROM journal_entry WHERE id = NEW.entry_id;
  IF e.bank_line_id IS NULL AND e.reverses_id IS NULL THEN RETURN NULL; END IF;
  -- What undoes another is held to its mirror, however many legs that had.
  IF e.reverses_id IS NULL AND (
       SELECT count(*) <> 2 OR count(*) FILTER (WHERE account = 'payer') > 1
         FROM posting WHERE entry_id = e.id) THEN
    wrong_ := 'plumbline:line-once';
  -- Of two legs one is never a payer's: it asks for both.
  ELSIF e.reverses_id IS NOT NULL OR NEW.account <> 'payer' THEN
    wrong_ := guard.wrong_with_line(e);
  END IF;
  -- The owner's own hand obeys nobody; who it is costs more than all the rest, and is asked last.
  IF wrong_ IS NOT NULL AND guard.actor() IS NOT NULL THEN
    RAISE check_violation USING MESSAGE = wrong_;
  END IF;
  RETURN NULL;
END $$;
