-- What is entered from paper, and what is compared with it, has to hold the same: its place takes
-- paper, its signer could sign there, and the scan is one of this matter.
CREATE FUNCTION guard.require_paper_place(entry paper_signature) RETURNS void
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
       SELECT 1 FROM request q WHERE q.id = entry.request_id AND q.matter_id = entry.matter_id)
     OR NOT guard.accepts_paper(entry.request_id, entry.position) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:no-paper-here';
  END IF;
  IF NOT guard.could_sign(entry.request_id, entry.signer_id) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:not-their-place';
  END IF;
  IF NOT guard.is_scan(entry.paper_id, entry.matter_id) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:no-scan';
  END IF;
END $$;

-- Whether the actor opened a paper since a moment: each opening, in a frame too, is an event.
CREATE FUNCTION guard.has_opened(paper_ uuid, since timestamptz) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM matter_paper p JOIN audit_event e ON e.matter_id = p.matter_id
     WHERE p.id = paper_ AND e.at >= since AND e.table_name = 'matter_paper' AND e.row_id = p.id
       AND e.op = 'READ' AND e.actor_id = guard.actor())
$$;

-- Nobody compares what they have not opened since it was entered. What counts as attached by mistake
-- they may not open any more: that it doesn't match may be said all the same.
CREATE FUNCTION guard.require_opened(entry paper_signature, verdict text) RETURNS void
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF guard.has_opened(entry.paper_id, entry.recorded_at) OR verdict = 'rejected' AND EXISTS (
       SELECT 1 FROM matter_paper p WHERE p.id = entry.paper_id AND p.withdrawn_by IS NOT NULL) THEN
    RETURN;
  END IF;
  RAISE check_violation USING MESSAGE = 'plumbline:scan-unopened';
END $$;
