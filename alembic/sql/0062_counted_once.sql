-- What a count by this reader rests on, in one word: while it stays the same, counting anew gives
-- the same. Null where that can't be said: nobody reads, or this transaction has written of it.
--
-- Whatever is counted is written down in the history within its own transaction. All transactions
-- before the snapshot's oldest running one are over, so the last that wrote before it, with those
-- that wrote since and are over, name one state of the history exactly; one that commits late
-- joins the latter (ADR 17). What the reader may count is asked, not followed: rights, walls and
-- grants end by themselves.
CREATE FUNCTION guard.counted_mark() RETURNS text
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  held jsonb := guard.scope();
  oldest xid8 := pg_snapshot_xmin(pg_current_snapshot());
  -- Written for reading, proving oneself and sending on; no figure comes from these.
  beside text[] := ARRAY['export_record', 'linked_reading', 'emergency_reading', 'person_opening',
                         'passkey', 'second_factor', 'webhook'];
  since xid8[];
BEGIN
  IF held IS NULL THEN RETURN NULL; END IF;
  since := ARRAY(SELECT DISTINCT e.xid FROM audit_event e
                  WHERE e.xid >= oldest AND e.table_name <> ALL (beside) ORDER BY e.xid);
  IF pg_current_xact_id_if_assigned() = ANY (since) THEN RETURN NULL; END IF;
  RETURN encode(sha256(convert_to(jsonb_build_array(
    held - 'session' - 'fresh',
    current_date,
    (SELECT to_jsonb(e) FROM guard.era() e),
    (SELECT e.xid::text FROM audit_event e
      WHERE e.xid < oldest AND e.table_name <> ALL (beside) ORDER BY e.xid DESC, e.seq DESC LIMIT 1),
    since::text,
    (SELECT jsonb_agg(m ORDER BY m) FROM unnest(guard.mine()) m),
    (SELECT jsonb_agg(w ORDER BY w) FROM unnest(guard.walled()) w),
    (SELECT jsonb_agg(p.id ORDER BY p.id) FROM profile_version p))::text, 'UTF8')), 'hex');
END $$;
