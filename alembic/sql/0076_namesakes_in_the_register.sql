-- Persons of whom the register tells the actor nothing: those who bear their name on a matter that they
-- are kept off for it, asked about or said to be them. Where it was said of the same person that it is
-- somebody else, or the actor works on a matter that names them, there is nothing to keep.
CREATE FUNCTION guard.borne_by_me() RETURNS uuid[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := guard.actor();
BEGIN
  IF me IS NULL OR NOT EXISTS (
       SELECT 1 FROM namesake k WHERE k.account_id = me AND k.answer IS DISTINCT FROM 'other') THEN
    RETURN '{}';
  END IF;
  RETURN ARRAY(
    SELECT DISTINCT i.person_id
      FROM guard.namesake_standing k JOIN involvement i ON i.id = k.involvement_id
     WHERE k.account_id = me AND (k.answer = 'them' OR NOT k.works) AND i.person_id IS NOT NULL
       AND NOT EXISTS (
         SELECT 1 FROM namesake o JOIN involvement oi ON oi.id = o.involvement_id
          WHERE o.account_id = me AND oi.person_id = i.person_id
            AND (o.answer = 'other' OR (o.answer IS NULL AND o.works))));
END $$;
