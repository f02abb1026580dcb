-- What a subscription takes beside its row: another hand, and an end that ends its key.

-- By an administrator who isn't the subscriber.
CREATE FUNCTION guard.confirm_webhook(webhook_ uuid) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  me uuid := guard.actor();
  owner_ uuid;
BEGIN
  PERFORM guard.require_fresh();
  IF NOT guard.holds('{administrator,operator}') THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  SELECT w.account_id INTO owner_ FROM webhook w
   WHERE w.id = webhook_ AND w.ended_at IS NULL AND w.confirmed_at IS NULL FOR UPDATE;
  IF owner_ IS NULL THEN
    RAISE check_violation USING MESSAGE = 'plumbline:nothing-to-confirm';
  END IF;
  IF owner_ = me THEN
    RAISE check_violation USING MESSAGE = 'plumbline:second-administrator';
  END IF;
  UPDATE webhook SET confirmed_by = me, confirmed_at = now() WHERE id = webhook_;
END $$;

-- The subscriber's own, or anybody's by an administrator. False where there is none to end.
CREATE FUNCTION guard.end_webhook(webhook_ uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE key_ uuid;
BEGIN
  UPDATE webhook SET ended_at = now()
   WHERE id = webhook_ AND ended_at IS NULL
     AND (account_id = guard.actor() OR guard.holds('{administrator,operator}'))
  RETURNING key_id INTO key_;
  IF key_ IS NULL THEN RETURN false; END IF;
  UPDATE session SET ended_at = now() WHERE id = key_ AND ended_at IS NULL;
  RETURN true;
END $$;

-- Whether the worker has anything to look for. Asked without a session, ten times a minute.
CREATE FUNCTION guard.webhooks_live() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM webhook w WHERE w.confirmed_at IS NOT NULL AND w.ended_at IS NULL)
$$;
