-- What a feed of changes asks of the history beside the events that row security shows.

-- Which course of this database's history is told now. A restored database begins another one, and
-- a standby that took over may lack what its predecessor had told already.
CREATE FUNCTION guard.era(OUT id uuid, OUT after_seq bigint, OUT line bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.id, e.after_seq, (SELECT c.timeline_id::bigint FROM pg_control_checkpoint() c)
    FROM history_era e ORDER BY e.begun_at DESC LIMIT 1
$$;

-- Where a walk over so many events of the whole installation ends; null where it meets its end
-- before. Says nothing of what they are.
CREATE FUNCTION guard.walk_end(after_xid xid8, after_seq bigint, before xid8, most integer,
                               OUT xid xid8, OUT seq bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.xid, e.seq FROM audit_event e
   WHERE (e.xid, e.seq) > (after_xid, after_seq) AND e.xid < before
   ORDER BY e.xid, e.seq OFFSET least(most, 10000) - 1 LIMIT 1
$$;
