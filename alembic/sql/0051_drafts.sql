-- What somebody sent after their sign-in had grown idle or run out: kept for that account, which reads
-- it when it has signed in again. Not by a session that was ended: somebody wanted it over.
CREATE FUNCTION guard.keep_for_former(
    secret text, id_ uuid, address_ text, sealed_ bytea, most integer) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who uuid;
BEGIN
  SELECT s.account_id INTO who
    FROM session s JOIN session_use u ON u.session_id = s.id JOIN account a ON a.id = s.account_id
   WHERE s.secret_hash = sha256(convert_to(secret, 'UTF8'))
     AND s.ended_at IS NULL AND NOT s.pending AND a.active AND s.scope IS NULL
     AND least(s.expires_at, u.used_at + s.idle_limit) > now() - interval '12 hours';
  IF who IS NULL OR (SELECT count(*) FROM draft d WHERE d.account_id = who) >= most THEN
    RETURN false;
  END IF;
  INSERT INTO draft (id, account_id, address, matter_id, sealed)
  SELECT id_, who, address_, (
           SELECT m.id FROM regexp_matches(
                    address_, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g')
                    WITH ORDINALITY AS named (key, place)
             JOIN matter m ON m.id = named.key[1]::uuid ORDER BY named.place LIMIT 1), sealed_;
  RETURN true;
END $$;
