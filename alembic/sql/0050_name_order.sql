-- The keys of a name and its places in lists, together: the search has no use for half of them.
-- A reporting unit reads no register, but enters somebody in it: in this very transaction.
CREATE FUNCTION guard.keep_name(person_ uuid, keys_ text[], pinyin_ text, strokes_ text)
  RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO person_key (person_id, keys, pinyin, strokes)
  SELECT p.id, keys_, pinyin_, strokes_ FROM person p
   WHERE p.id = person_ AND (guard.reads_content() OR p.recorded_at = now())
  ON CONFLICT DO NOTHING
$$;
