-- The guard: functions that see across rows, owned by a role that nobody can log in as.
-- Policies resolve the context (a live session's secret) through them, never a plain number.

CREATE SCHEMA guard;
REVOKE ALL ON SCHEMA guard FROM PUBLIC;
-- Imports stage their rows in temporary tables of their own.
DO $$ BEGIN
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO plumbline_app', current_database());
END $$;
GRANT USAGE ON SCHEMA guard TO plumbline_app;
GRANT USAGE, CREATE ON SCHEMA guard TO plumbline_guard;
GRANT USAGE ON SCHEMA public TO plumbline_app, plumbline_guard;

-- A secret of this database: keeps unknown logins indistinguishable from known ones.
CREATE TABLE guard.pepper (secret bytea NOT NULL);
INSERT INTO guard.pepper
  SELECT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
GRANT SELECT ON guard.pepper TO plumbline_guard;

-- Who acts -------------------------------------------------------------------------------
-- guard.enter() looks a session up once a transaction, and leaves who acts and what they hold
-- in a setting with a seal. Settings can be written by whoever holds the application's
-- password; the seal can't: it takes the pepper, and holds for this backend and transaction
-- alone. A policy that looked the session up itself, a dozen times a query, cost five times more.

CREATE FUNCTION guard.sealed(scope_ text) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT encode(sha256(p.secret || convert_to(
           scope_ || pg_backend_pid() || extract(epoch FROM now()), 'UTF8')), 'hex')
    FROM guard.pepper p
$$;

CREATE FUNCTION guard.scope() RETURNS jsonb
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  held text := current_setting('plumbline.scope', true);
  seal text;
BEGIN
  IF held IS NULL OR held = '' THEN RETURN NULL; END IF;
  SELECT encode(sha256(p.secret || convert_to(
           held || pg_backend_pid() || extract(epoch FROM now()), 'UTF8')), 'hex')
    INTO seal FROM guard.pepper p;
  IF current_setting('plumbline.seal', true) IS DISTINCT FROM seal THEN RETURN NULL; END IF;
  RETURN held::jsonb;
END $$;

CREATE FUNCTION guard.actor() RETURNS uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN (guard.scope() ->> 'actor')::uuid;
END $$;

CREATE FUNCTION guard.reach(roles text[]) RETURNS ltree[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  held jsonb := guard.scope() -> 'reach';
  found_ ltree[] := '{}';
  each_ text;
BEGIN
  IF held IS NULL THEN RETURN found_; END IF;
  FOREACH each_ IN ARRAY roles LOOP
    IF held ? each_ THEN found_ := found_ || (held ->> each_)::ltree[]; END IF;
  END LOOP;
  RETURN found_;
END $$;

CREATE FUNCTION guard.holds(roles text[]) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN coalesce(guard.scope() -> 'reach' ?| roles, false);
END $$;

CREATE FUNCTION guard.clearance() RETURNS integer
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN coalesce((guard.scope() ->> 'clearance')::integer, -1);
END $$;

-- Who may see what they logged: everybody but the roles that open no matter.
CREATE FUNCTION guard.maker() RETURNS uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE held jsonb := guard.scope();
BEGIN
  IF held -> 'reach' ?| '{operator,administrator}' THEN RETURN NULL; END IF;
  RETURN (held ->> 'actor')::uuid;
END $$;

-- Matters that are mine by name: my teams' matters and their fund items, and what waits for
-- my signature.
CREATE FUNCTION guard.mine() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH me AS (SELECT guard.actor() AS id),
  team AS (
    SELECT t.matter_id FROM team_member t, me
     WHERE t.account_id = me.id AND t.ends_on IS NULL)
  SELECT coalesce(array_agg(matter_id), '{}') FROM (
    SELECT matter_id FROM team
    UNION
    SELECT f.id FROM fund_item f JOIN team ON team.matter_id = f.origin_id
    UNION
    SELECT q.matter_id FROM request q
      JOIN role_held r ON r.role = q.next_role AND q.next_path <@ r.unit_path
      JOIN me ON me.id = r.account_id
     WHERE q.status = 'open' AND r.begins_on <= current_date
       AND (r.ends_on IS NULL OR r.ends_on > current_date)
    UNION
    -- Signed in this very transaction: the last signer carries the step out.
    SELECT s.matter_id FROM signature s JOIN me ON me.id = s.account_id
     WHERE s.recorded_at = now()) m
$$;

-- Auditors and reporting units read less of a matter than those who work on it.
CREATE FUNCTION guard.reads_content() RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE held jsonb := guard.scope();
BEGIN
  RETURN held IS NOT NULL
     AND NOT held -> 'reach' ?| '{auditor,reporting_unit,operator,administrator}';
END $$;

-- The batch that this transaction imports, if it is the actor's own and still open.
CREATE FUNCTION guard.import_batch() RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT b.id FROM import_batch b
   WHERE b.id = nullif(current_setting('plumbline.batch', true), '')::uuid
     AND b.made_by = guard.actor() AND b.committed_at IS NULL
     AND guard.holds('{operator,lead_manager,intake_officer,petitions_head,finance}')
$$;

-- Sets the context of a transaction and says who acts; no row where the session is not live.
CREATE FUNCTION guard.enter(secret text, use_case text, request_id text) RETURNS jsonb
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  me uuid;
  scope_ text;
BEGIN
  PERFORM set_config('plumbline.session', coalesce(secret, ''), true),
          set_config('plumbline.scope', '', true),
          set_config('plumbline.seal', '', true),
          set_config('plumbline.use_case', coalesce(use_case, ''), true),
          set_config('plumbline.request', coalesce(request_id, ''), true),
          set_config('plumbline.batch', '', true);
  SELECT s.account_id INTO me FROM session s JOIN account a ON a.id = s.account_id
   WHERE s.secret_hash = sha256(convert_to(secret, 'UTF8'))
     AND s.ended_at IS NULL AND s.expires_at > now() AND a.active;
  IF me IS NULL THEN RETURN NULL; END IF;
  SELECT jsonb_build_object('actor', me, 'clearance', a.clearance, 'reach', coalesce((
           SELECT jsonb_object_agg(h.role, h.paths) FROM (
             SELECT r.role, array_agg(r.unit_path)::text AS paths FROM role_held r
              WHERE r.account_id = me AND r.begins_on <= current_date
                AND (r.ends_on IS NULL OR r.ends_on > current_date) GROUP BY r.role) h), '{}'))
    INTO scope_ FROM account a WHERE a.id = me;
  PERFORM set_config('plumbline.scope', scope_, true),
          set_config('plumbline.seal', guard.sealed(scope_), true);
  RETURN (
    SELECT jsonb_build_object(
      'account_id', a.id, 'name', a.name, 'clearance', a.clearance, 'locale', a.locale,
      'person_id', a.person_id, 'unit', u.path::text,
      'demo_day', (SELECT i.demo_day FROM installation i WHERE i.demo),
      'grants', coalesce((
        SELECT jsonb_agg(jsonb_build_array(r.role, r.unit_path::text) ORDER BY r.role)
          FROM role_held r WHERE r.account_id = a.id AND r.begins_on <= current_date
           AND (r.ends_on IS NULL OR r.ends_on > current_date)), '[]'))
      FROM account a LEFT JOIN unit u ON u.id = a.unit_id WHERE a.id = me);
END $$;

-- Signing in ------------------------------------------------------------------------------
-- The application derives the argon2 string from the password and the salt; the database
-- compares its hash. So neither the application's database password nor a copy of what it
-- may read opens a session: only somebody's password does.

CREATE FUNCTION guard.password_salt(login_given text, params text) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(
    (SELECT c.salt FROM credential c JOIN account a ON a.id = c.account_id
      WHERE a.login = login_given AND a.active),
    params || rtrim(encode(substr(sha256(
      (SELECT p.secret FROM guard.pepper p) || convert_to(login_given, 'UTF8')), 1, 16),
      'base64'), '='))
$$;

CREATE FUNCTION guard.sign_in(
    login_given text, encoded text, new_id uuid, secret text, lifetime interval)
  RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  subject_ bytea := sha256((SELECT p.secret FROM guard.pepper p)
                           || convert_to(lower(login_given), 'UTF8'));
  account_ uuid;
BEGIN
  IF (SELECT count(*) FROM sign_in_attempt t
       WHERE t.subject = subject_ AND t.at > now() - interval '15 minutes') >= 10 THEN
    RETURN 'throttled';
  END IF;
  SELECT a.id INTO account_ FROM account a JOIN credential c ON c.account_id = a.id
   WHERE a.login = login_given AND a.active
     AND c.verifier = sha256(convert_to(encoded, 'UTF8'));
  IF account_ IS NULL THEN
    INSERT INTO sign_in_attempt (id, subject) VALUES (gen_random_uuid(), subject_);
    RETURN 'refused';
  END IF;
  DELETE FROM sign_in_attempt t WHERE t.subject = subject_;
  INSERT INTO session (id, account_id, secret_hash, expires_at)
  VALUES (new_id, account_, sha256(convert_to(secret, 'UTF8')),
          now() + least(lifetime, interval '24 hours'));
  RETURN 'opened';
END $$;

CREATE FUNCTION guard.sign_out() RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE session SET ended_at = now() WHERE ended_at IS NULL
     AND secret_hash = sha256(convert_to(current_setting('plumbline.session', true), 'UTF8'))
$$;

-- True once changed; every other session of the account ends.
CREATE FUNCTION guard.change_password(old_encoded text, new_salt text, new_encoded text)
  RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := guard.actor();
BEGIN
  UPDATE credential SET salt = new_salt, changed_at = now(),
         verifier = sha256(convert_to(new_encoded, 'UTF8'))
   WHERE account_id = me AND verifier = sha256(convert_to(old_encoded, 'UTF8'));
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE session SET ended_at = now() WHERE account_id = me AND ended_at IS NULL
     AND secret_hash <> sha256(convert_to(current_setting('plumbline.session', true), 'UTF8'));
  RETURN true;
END $$;

CREATE FUNCTION guard.make_password_link(account uuid, token text, lifetime interval)
  RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.holds('{administrator,operator}') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only an administrator resets passwords';
  END IF;
  UPDATE password_link SET used_at = now() WHERE account_id = account AND used_at IS NULL;
  INSERT INTO password_link (token_hash, account_id, expires_at)
  VALUES (sha256(convert_to(token, 'UTF8')), account,
          now() + least(lifetime, interval '7 days'));
END $$;

CREATE FUNCTION guard.redeem_password_link(token text, new_salt text, new_encoded text)
  RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE account_ uuid;
BEGIN
  UPDATE password_link SET used_at = now()
   WHERE token_hash = sha256(convert_to(token, 'UTF8'))
     AND used_at IS NULL AND expires_at > now()
  RETURNING account_id INTO account_;
  IF account_ IS NULL THEN RETURN false; END IF;
  INSERT INTO credential (account_id, salt, verifier)
  VALUES (account_, new_salt, sha256(convert_to(new_encoded, 'UTF8')))
  ON CONFLICT (account_id) DO UPDATE
     SET salt = excluded.salt, verifier = excluded.verifier, changed_at = now();
  UPDATE session SET ended_at = now() WHERE account_id = account_ AND ended_at IS NULL;
  RETURN true;
END $$;

-- Numbers -----------------------------------------------------------------------------------
-- The row lock holds until commit and a rollback takes the number back: no gap, no repeat.

CREATE FUNCTION guard.next_number(kind_ text, district_ text, year_ integer) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE given integer;
BEGIN
  IF guard.actor() IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody is signed in';
  END IF;
  INSERT INTO number_series AS s (kind, district, year, last)
  VALUES (kind_, district_, year_, 1)
  ON CONFLICT (kind, district, year) DO UPDATE SET last = s.last + 1
  RETURNING s.last INTO given;
  RETURN given;
END $$;

-- An imported ledger's own numbers push the series beyond them.
CREATE FUNCTION guard.reserve_numbers(kind_ text, district_ text, year_ integer, used integer)
  RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF guard.import_batch() IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'no import is open';
  END IF;
  INSERT INTO number_series AS s (kind, district, year, last)
  VALUES (kind_, district_, year_, used)
  ON CONFLICT (kind, district, year) DO UPDATE SET last = greatest(s.last, used);
END $$;

-- The one writer of a matter's state -----------------------------------------------------------
-- Refuses a stale version, a step that its profile wants signed without all signatures, and a
-- matter that the actor may not work on. Writes the history row and the matter together.

CREATE FUNCTION guard.works_on(wanted uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM matter m WHERE m.id = wanted AND @@content:m@@)
$$;

CREATE FUNCTION guard.advance(
    matter_ uuid, seen_version integer, transition_ uuid, event_ text, request_ uuid,
    to_state_ text, to_stage_ text, happened_on_ date, reason_ text, form_ jsonb,
    changes jsonb) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  m matter%ROWTYPE;
  me uuid := guard.actor();
  q request%ROWTYPE;
  alone boolean;
BEGIN
  SELECT * INTO m FROM matter WHERE id = matter_ FOR UPDATE;
  IF NOT FOUND OR NOT guard.works_on(matter_) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF m.version <> seen_version THEN
    RAISE serialization_failure USING MESSAGE = 'plumbline:stale';
  END IF;
  IF request_ IS NULL THEN
    SELECT bool_or((t ->> 'alone')::boolean) INTO alone
      FROM profile_version p,
           jsonb_array_elements(p.content -> 'machines' -> m.kind -> 'transitions') t
     WHERE p.id = m.profile_id AND t ->> 'event' = event_ AND t -> 'from' ? m.state;
    IF alone IS NOT TRUE THEN
      RAISE check_violation USING MESSAGE = 'plumbline:needs-signatures';
    END IF;
  ELSE
    SELECT * INTO q FROM request WHERE id = request_ AND matter_id = matter_;
    IF NOT FOUND OR q.event <> event_ OR q.status <> 'approved'
       OR jsonb_array_length(q.chain) = 0
       OR (SELECT count(DISTINCT s.account_id) FROM signature s
            WHERE s.request_id = request_ AND s.verdict = 'sign'
              AND s.account_id <> q.requested_by) < jsonb_array_length(q.chain) THEN
      RAISE check_violation USING MESSAGE = 'plumbline:needs-signatures';
    END IF;
    IF EXISTS (SELECT 1 FROM transition t WHERE t.request_id = request_
                AND t.matter_id = matter_) THEN
      RAISE check_violation USING MESSAGE = 'plumbline:request-used';
    END IF;
  END IF;
  INSERT INTO transition (id, matter_id, version, event, from_state, to_state, actor_id,
                          request_id, reason, form, happened_on, manner)
  VALUES (transition_, matter_, m.version + 1, event_, m.state, to_state_, me,
          request_, reason_, coalesce(form_, '{}'), happened_on_, 'own');
  UPDATE matter SET
      state = to_state_, stage = to_stage_, version = m.version + 1,
      episode = coalesce((changes ->> 'episode')::integer, episode),
      assigned_unit_id = CASE WHEN changes ? 'assigned_unit_id'
        THEN (changes ->> 'assigned_unit_id')::uuid ELSE assigned_unit_id END,
      assigned_path = CASE WHEN changes ? 'assigned_unit_id'
        THEN (SELECT u.path FROM unit u WHERE u.id = (changes ->> 'assigned_unit_id')::uuid)
        ELSE assigned_path END,
      closed_on = CASE WHEN changes ? 'closed_on'
        THEN (changes ->> 'closed_on')::date ELSE closed_on END,
      due_on = CASE WHEN changes ? 'due_on'
        THEN (changes ->> 'due_on')::date ELSE due_on END,
      adjudicated = adjudicated OR coalesce((changes ->> 'adjudicated')::boolean, false),
      effective = coalesce((changes ->> 'effective')::boolean, effective)
   WHERE id = matter_;
  RETURN m.version + 1;
END $$;

-- What hangs on a matter (a handler, an outcome, money) moves its version too, so that the next
-- writer must have seen it. Such an event is none of the profile's: the state stays.
CREATE FUNCTION guard.touch(
    matter_ uuid, seen_version integer, transition_ uuid, event_ text, happened_on_ date,
    reason_ text, form_ jsonb, changes jsonb) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE m matter%ROWTYPE;
BEGIN
  SELECT * INTO m FROM matter WHERE id = matter_ FOR UPDATE;
  IF NOT FOUND OR NOT guard.works_on(matter_) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF seen_version IS NOT NULL AND m.version <> seen_version THEN
    RAISE serialization_failure USING MESSAGE = 'plumbline:stale';
  END IF;
  IF EXISTS (SELECT 1 FROM profile_version p,
                    jsonb_array_elements(p.content -> 'machines' -> m.kind -> 'transitions') t
              WHERE p.id = m.profile_id AND t ->> 'event' = event_) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:needs-signatures';
  END IF;
  INSERT INTO transition (id, matter_id, version, event, from_state, to_state, actor_id,
                          reason, form, happened_on, manner)
  VALUES (transition_, matter_, m.version + 1, event_, m.state, m.state, guard.actor(),
          reason_, coalesce(form_, '{}'), happened_on_, 'own');
  UPDATE matter SET version = m.version + 1,
      title = coalesce(changes ->> 'title', title),
      source = coalesce(changes ->> 'source', source),
      responsible_leader = coalesce(changes ->> 'responsible_leader', responsible_leader),
      campaign_id = coalesce((changes ->> 'campaign_id')::uuid, campaign_id),
      classification = coalesce((changes ->> 'classification')::integer, classification),
      due_on = CASE WHEN changes ? 'due_on' THEN (changes ->> 'due_on')::date ELSE due_on END
   WHERE id = matter_;
  RETURN m.version + 1;
END $$;

-- A case is with adjudication: its leads and fund items are then adjudication's to see too.
CREATE FUNCTION guard.open_to_adjudication(case_ uuid) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.works_on(case_) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  UPDATE matter SET adjudicated = true WHERE NOT adjudicated AND id IN (
    SELECT case_
    UNION SELECT l.from_id FROM matter_link l
     WHERE l.to_id = case_ AND l.kind = 'lead_case' AND l.ends_on IS NULL
    UNION SELECT f.id FROM fund_item f WHERE f.origin_id = case_ OR f.origin_id IN (
      SELECT l.from_id FROM matter_link l
       WHERE l.to_id = case_ AND l.kind = 'lead_case' AND l.ends_on IS NULL));
END $$;

-- Outcomes are append-only for the application; the day on which they take effect is written here.
CREATE FUNCTION guard.take_effect(matter_ uuid, day_ date) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.works_on(matter_) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  UPDATE outcome SET effective_on = day_ WHERE matter_id = matter_ AND effective_on IS NULL;
END $$;

-- The sealed reporter -----------------------------------------------------------------------
-- Intake of the petition may read the sealed row; each reading is an event.

CREATE FUNCTION guard.read_reporter(petition_ uuid)
  RETURNS TABLE (key_id text, sealed bytea)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM matter m WHERE m.id = petition_ AND m.kind = 'petition'
        AND m.unit_path <@ guard.reach('{intake_officer,petitions_head}')) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  INSERT INTO audit_event (at, id, matter_id, table_name, row_id, op, actor_id, use_case,
                           request_id, database_user, changes)
  VALUES (now(), gen_random_uuid(), petition_, 'reporter_identity', petition_, 'READ',
          guard.actor(), nullif(current_setting('plumbline.use_case', true), ''),
          nullif(current_setting('plumbline.request', true), ''), session_user, '{}');
  RETURN QUERY SELECT r.key_id, r.sealed FROM reporter_identity r
   WHERE r.petition_id = petition_;
END $$;

-- A report on a cadre of the superior's is passed up on paper: what was typed goes, here and in
-- the events' personal values; a count stays. Only with the approved request to seal it.
CREATE FUNCTION guard.erase_sealed(petition_ uuid, request_ uuid) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE m matter%ROWTYPE;
BEGIN
  SELECT * INTO m FROM matter WHERE id = petition_ AND kind = 'petition' FOR UPDATE;
  IF NOT FOUND OR NOT guard.works_on(petition_) OR NOT EXISTS (
      SELECT 1 FROM request q WHERE q.id = request_ AND q.matter_id = petition_
         AND q.status = 'approved' AND q.to_state = 'sealed') THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  INSERT INTO blind_count (id, unit_id, received_on, recorded_by)
  SELECT gen_random_uuid(), m.unit_id, p.received_on, guard.actor()
    FROM petition p WHERE p.id = petition_;
  UPDATE petition SET content = '', summary = NULL, place = NULL, forwarded_to = NULL
   WHERE id = petition_;
  UPDATE matter SET title = number, responsible_leader = NULL WHERE id = petition_;
  UPDATE transition SET form = '{}', reason = NULL WHERE matter_id = petition_;
  UPDATE request SET form = '{}', reason = NULL WHERE matter_id = petition_;
  UPDATE signature SET reason = NULL WHERE matter_id = petition_;
  UPDATE involvement SET ended_on = current_date, alleged = NULL, position = NULL
   WHERE matter_id = petition_;
  DELETE FROM note WHERE matter_id = petition_;
  DELETE FROM correction WHERE matter_id = petition_;
  DELETE FROM reporter_identity WHERE petition_id = petition_;
  -- Last, so that what the statements above committed to goes as well.
  DELETE FROM audit_personal a USING audit_event e
   WHERE e.matter_id = petition_ AND a.event_id = e.id AND a.event_at = e.at;
END $$;

-- Narrow views for those who may know a number and a state, and no more.
CREATE FUNCTION guard.leads_of_petition(petition_ uuid)
  RETURNS TABLE (number text, state text, closed_on date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT l.number, l.state, l.closed_on
    FROM matter_link k JOIN matter l ON l.id = k.to_id
   WHERE k.from_id = petition_ AND k.kind = 'petition_lead' AND k.ends_on IS NULL
     AND guard.works_on(petition_)
   ORDER BY l.number
$$;

-- What an open import must find again, without seeing any matter: ids and dates, no names.
CREATE FUNCTION guard.import_matters(kind_ text)
  RETURNS TABLE (id uuid, number text, unit_id uuid, unit_path text, opened_on date,
                 profile_id uuid, fund_item_id uuid, state text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.id, m.number, m.unit_id, m.unit_path::text, m.opened_on, m.profile_id,
         (SELECT f.id FROM fund_item f WHERE f.origin_id = m.id AND f.undivided LIMIT 1),
         m.state
    FROM matter m WHERE m.kind = kind_ AND guard.import_batch() IS NOT NULL
$$;

-- Which rows of a family were imported before, so that the same row changes nothing.
CREATE FUNCTION guard.import_known(family_ text, hashes bytea[]) RETURNS SETOF bytea
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT r.row_hash FROM import_row r
   WHERE r.family = family_ AND r.row_hash = ANY (hashes) AND guard.actor() IS NOT NULL
$$;

CREATE FUNCTION guard.import_of_file(hash bytea) RETURNS timestamptz
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT b.committed_at FROM import_batch b
   WHERE b.file_hash = hash AND b.committed_at IS NOT NULL AND guard.actor() IS NOT NULL
   ORDER BY b.committed_at LIMIT 1
$$;

-- A finding tells of a lead which round it came from.
CREATE FUNCTION guard.import_rounds() RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE met integer;
BEGIN
  IF guard.import_batch() IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'no import is open';
  END IF;
  UPDATE lead l SET round_id = f.round_id FROM finding f
   WHERE f.lead_id = l.id AND l.round_id IS NULL;
  GET DIAGNOSTICS met = ROW_COUNT;
  RETURN met;
END $$;

-- Links findings to leads that were imported after them.
CREATE FUNCTION guard.import_attach_finding(finding_ uuid, lead_ uuid) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF guard.import_batch() IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'no import is open';
  END IF;
  UPDATE finding SET lead_id = lead_ WHERE id = finding_ AND lead_id IS NULL;
END $$;

CREATE FUNCTION guard.import_waiting_findings()
  RETURNS TABLE (id uuid, cited text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT f.id, f.cited FROM finding f
   WHERE f.lead_id IS NULL AND guard.import_batch() IS NOT NULL
$$;

-- Money in suspense whose lead may be known by now.
CREATE FUNCTION guard.import_suspended()
  RETURNS TABLE (entry_id uuid, line_id uuid, cited text, happened_on date, amount numeric,
                 serial text, counterparty text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.id, b.id, b.cited, e.happened_on, b.credit - b.debit, b.serial, b.counterparty
    FROM journal_entry e JOIN bank_line b ON b.id = e.bank_line_id
   WHERE e.kind = 'suspense' AND b.cited IS NOT NULL AND guard.import_batch() IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_id = e.id)
$$;

-- What the money on record contradicts: noted once, settled by itself where it no longer does.
CREATE FUNCTION guard.import_doubts(batch_ uuid, day_ date) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  made integer := 0;
  met integer;
BEGIN
  IF guard.import_batch() IS DISTINCT FROM batch_ THEN
    RAISE insufficient_privilege USING MESSAGE = 'no import is open';
  END IF;
  -- Received before its lead.
  INSERT INTO doubt (id, rule, batch_id, matter_id, subject_id, values)
  SELECT gen_random_uuid(), 'received_before_lead', batch_, m.id, e.bank_line_id,
         jsonb_build_object('happened_on', e.happened_on, 'received_on', m.opened_on)
    FROM journal_entry e JOIN matter m ON m.id = e.matter_id
   WHERE e.bank_line_id IS NOT NULL AND e.kind IN ('receipt', 'return')
     AND e.happened_on < m.opened_on
     AND NOT EXISTS (SELECT 1 FROM doubt d WHERE d.rule = 'received_before_lead'
                      AND d.subject_id = e.bank_line_id);
  GET DIAGNOSTICS met = ROW_COUNT;
  made := made + met;
  -- More out than in on some day.
  INSERT INTO doubt (id, rule, batch_id, matter_id, subject_id, values)
  SELECT gen_random_uuid(), 'returned_before_received', batch_, x.matter_id, x.matter_id,
         jsonb_build_object('happened_on', min(x.happened_on))
    FROM (SELECT e.matter_id, e.happened_on,
                 sum(sum(p.amount)) OVER (PARTITION BY e.matter_id ORDER BY e.happened_on) AS held
            FROM journal_entry e JOIN posting p ON p.entry_id = e.id AND p.account = 'bank'
           WHERE e.matter_id IS NOT NULL GROUP BY e.matter_id, e.happened_on) x
   WHERE x.held < 0 AND NOT EXISTS (SELECT 1 FROM doubt d
           WHERE d.rule = 'returned_before_received' AND d.matter_id = x.matter_id)
   GROUP BY x.matter_id;
  GET DIAGNOSTICS met = ROW_COUNT;
  made := made + met;
  -- The ledger's own columns are control totals for what the bank shows, once it shows anything.
  IF EXISTS (SELECT 1 FROM bank_line) THEN
    INSERT INTO doubt (id, rule, batch_id, matter_id, subject_id, values)
    SELECT gen_random_uuid(), 'control_total_differs', batch_, c.matter_id, c.id,
           jsonb_build_object('kind', c.kind, 'stated', c.amount, 'booked', c.booked)
      FROM guard.control_totals() c
     WHERE c.amount <> c.booked AND NOT EXISTS (SELECT 1 FROM doubt d
             WHERE d.rule = 'control_total_differs' AND d.subject_id = c.id
               AND d.settled_on IS NULL);
    GET DIAGNOSTICS met = ROW_COUNT;
    made := made + met;
    UPDATE doubt d SET settled_on = day_, settlement = 'agrees_now'
      FROM guard.control_totals() c
     WHERE d.rule = 'control_total_differs' AND d.subject_id = c.id AND d.settled_on IS NULL
       AND c.amount = c.booked;
  END IF;
  RETURN made;
END $$;

-- A ledger's stated sums beside what is booked: `ledger_recovered`, `ledger_returned`.
CREATE FUNCTION guard.control_totals()
  RETURNS TABLE (id uuid, matter_id uuid, kind text, amount numeric, booked numeric)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id, c.matter_id, c.kind, c.amount, coalesce(sum(
           CASE WHEN c.kind = 'ledger_recovered' AND p.account = 'payer' THEN -p.amount
                WHEN c.kind = 'ledger_returned' AND p.account = 'refund' THEN p.amount END), 0)
    FROM claimed_amount c
    LEFT JOIN journal_entry e ON e.matter_id = c.matter_id
    LEFT JOIN posting p ON p.entry_id = e.id
   WHERE c.kind IN ('ledger_recovered', 'ledger_returned')
   GROUP BY c.id, c.matter_id, c.kind, c.amount
$$;

-- For whoever may know that somebody is involved, but not who.
CREATE FUNCTION guard.masked_names(people uuid[]) RETURNS TABLE (id uuid, name text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.id, left(p.name, 1) || repeat('×', greatest(char_length(p.name) - 1, 1))
    FROM person p WHERE p.id = ANY (people) AND guard.actor() IS NOT NULL
     AND EXISTS (SELECT 1 FROM involvement i JOIN matter m ON m.id = i.matter_id
                  WHERE i.person_id = p.id
                    AND m.unit_path <@ guard.reach('{auditor}'))
$$;

-- Money ---------------------------------------------------------------------------------------
-- Checked when the transaction commits, by a role that sees every leg.

CREATE FUNCTION guard.check_entry() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  entry_ uuid := coalesce(to_jsonb(NEW) ->> 'entry_id', to_jsonb(NEW) ->> 'id')::uuid;
  from_bank boolean;
  item uuid;
BEGIN
  IF (SELECT coalesce(sum(amount), 0) FROM posting WHERE entry_id = entry_) <> 0
     OR (SELECT count(*) FROM posting WHERE entry_id = entry_) < 2 THEN
    RAISE check_violation USING MESSAGE = 'plumbline:unbalanced';
  END IF;
  SELECT bank_line_id IS NOT NULL INTO from_bank FROM journal_entry WHERE id = entry_;
  -- What the bank did is a fact, even where it contradicts a rule; what is typed must obey.
  IF NOT from_bank THEN
    FOR item IN SELECT DISTINCT fund_item_id FROM posting
                 WHERE entry_id = entry_ AND fund_item_id IS NOT NULL LOOP
      IF (SELECT coalesce(sum(amount), 0) FROM posting
           WHERE fund_item_id = item AND account = 'bank') < 0 THEN
        RAISE check_violation USING MESSAGE = 'plumbline:more-than-received';
      END IF;
    END LOOP;
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT ON posting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard.check_entry();
CREATE CONSTRAINT TRIGGER entry_has_postings AFTER INSERT ON journal_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard.check_entry();

-- Events ---------------------------------------------------------------------------------------
-- TG_ARGV: the column that names the matter (or ''), columns with personal values (comma-
-- separated), columns that never enter an event (ciphertext, files).

CREATE FUNCTION guard.record() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  row_ jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
  before jsonb;
  changes_ jsonb;
  personal text;
  salt_ bytea;
  value_ text;
  personal_ jsonb := '{}';
  event_ uuid := gen_random_uuid();
BEGIN
  IF TG_OP = 'UPDATE' THEN
    before := to_jsonb(OLD);
    SELECT jsonb_object_agg(n.key, n.value) INTO changes_
      FROM jsonb_each(row_) n WHERE n.value IS DISTINCT FROM before -> n.key;
    IF changes_ IS NULL THEN RETURN NULL; END IF;
  ELSE
    changes_ := jsonb_strip_nulls(row_);
  END IF;
  IF TG_ARGV[2] <> '' THEN changes_ := changes_ - string_to_array(TG_ARGV[2], ','); END IF;
  IF TG_ARGV[1] <> '' THEN
    FOREACH personal IN ARRAY string_to_array(TG_ARGV[1], ',') LOOP
      value_ := changes_ ->> personal;
      IF value_ IS NOT NULL THEN
        salt_ := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
        personal_ := personal_ || jsonb_build_object(
          personal, jsonb_build_array(encode(salt_, 'hex'), value_));
        changes_ := jsonb_set(changes_, ARRAY[personal], to_jsonb('sha256:' || encode(
          sha256(salt_ || convert_to(value_, 'UTF8')), 'hex')));
      END IF;
    END LOOP;
    IF personal_ <> '{}' THEN
      INSERT INTO audit_personal (event_id, event_at, values)
      VALUES (event_, now(), personal_);
    END IF;
  END IF;
  INSERT INTO audit_event (at, id, matter_id, table_name, row_id, op, actor_id, use_case,
                           request_id, database_user, changes)
  VALUES (now(), event_,
          CASE WHEN TG_ARGV[0] = '' THEN NULL ELSE (row_ ->> TG_ARGV[0])::uuid END,
          TG_TABLE_NAME, CASE WHEN length(row_ ->> 'id') = 36 THEN (row_ ->> 'id')::uuid END, TG_OP, guard.actor(),
          nullif(current_setting('plumbline.use_case', true), ''),
          nullif(current_setting('plumbline.request', true), ''), session_user, changes_);
  RETURN NULL;
END $$;

-- Months ahead of need; the default partition catches what falls outside, so nothing is lost.
CREATE FUNCTION guard.make_partitions(months integer) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  month_ date;
  made integer := 0;
BEGIN
  FOR i IN 0..least(months, 36) LOOP
    month_ := (date_trunc('month', now()) + make_interval(months => i))::date;
    IF to_regclass(format('audit_event_%s', to_char(month_, 'YYYYMM'))) IS NULL THEN
      EXECUTE format('CREATE TABLE audit_event_%s PARTITION OF audit_event
                      FOR VALUES FROM (%L) TO (%L)', to_char(month_, 'YYYYMM'),
                     month_, (month_ + interval '1 month')::date);
      made := made + 1;
    END IF;
  END LOOP;
  RETURN made;
END $$;
