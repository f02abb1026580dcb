-- The views that figures are counted from, written over: they show the same, by fewer questions for
-- each row. Roles before which nothing of their subtree is hidden are asked about at once.

CREATE OR REPLACE VIEW guard.counted_matter WITH (security_barrier) AS
SELECT m.id, m.kind, m.state, m.stage, m.unit_id, m.unit_path, m.campaign_id, m.source,
       m.responsible_leader, m.opened_on, m.closed_on, m.profile_id, m.effective, m.recorded_at
  FROM matter m WHERE @@counted:m@@;

-- A lead's matter is of the kind lead: said aloud, so that counting walks the leads of the index
-- that holds all it needs, and no others.
CREATE OR REPLACE VIEW guard.counted_lead WITH (security_barrier) AS
SELECT m.id, m.kind, m.state, m.stage, m.unit_id, m.unit_path, m.campaign_id, m.source,
       m.responsible_leader, m.profile_id, m.recorded_at,
       l.received_on, l.method, l.disposed_on, l.filed_on
  FROM matter m JOIN lead l ON l.id = m.id WHERE m.kind = 'lead' AND @@counted:m@@;

CREATE OR REPLACE VIEW guard.counted_petition WITH (security_barrier) AS
SELECT m.id, m.kind, m.state, m.stage, m.unit_id, m.unit_path, m.campaign_id, m.source,
       m.responsible_leader, m.profile_id, m.recorded_at,
       p.received_on, p.channel, p.class, p.backlog
  FROM matter m JOIN petition p ON p.id = m.id WHERE m.kind = 'petition' AND @@counted:m@@;

CREATE OR REPLACE VIEW guard.counted_step WITH (security_barrier) AS
SELECT t.matter_id, t.version, t.to_state, t.happened_on, t.recorded_at
  FROM transition t JOIN matter m ON m.id = t.matter_id WHERE @@counted:m@@;

CREATE OR REPLACE VIEW guard.counted_outcome WITH (security_barrier) AS
SELECT o.id, o.matter_id, o.kind, o.measure, o.form, o.quantity, o.decided_on, o.recorded_at,
       o.involvement_id, i.person_id, i.organisation_id, m.kind AS matter_kind, m.unit_path,
       m.campaign_id, m.source, m.responsible_leader
  FROM outcome o JOIN matter m ON m.id = o.matter_id
  LEFT JOIN involvement i ON i.id = o.involvement_id
 WHERE @@counted:m@@;

-- What a posting hangs on is a fund item, of which there are fewer than of all matters.
CREATE OR REPLACE VIEW guard.counted_posting WITH (security_barrier) AS
SELECT p.id, p.entry_id, p.account, p.amount, p.fund_item_id, e.kind, e.matter_id, e.happened_on,
       e.recorded_at, r.intake, coalesce(o.unit_path, m.unit_path) AS unit_path,
       coalesce(o.campaign_id, m.campaign_id) AS campaign_id,
       coalesce(o.source, m.source) AS source,
       coalesce(o.responsible_leader, m.responsible_leader) AS responsible_leader
  FROM posting p JOIN journal_entry e ON e.id = p.entry_id
  LEFT JOIN matter m ON m.id = p.fund_item_id AND m.kind = 'fund_item'
  LEFT JOIN matter o ON o.id = e.matter_id
  LEFT JOIN money_receipt r ON r.entry_id = coalesce(e.reverses_id, e.id)
 WHERE (p.fund_item_id IS NOT NULL AND @@counted:m@@) OR (p.fund_item_id IS NULL AND @@desk@@);

CREATE OR REPLACE VIEW guard.counted_return WITH (security_barrier) AS
SELECT r.id, r.entry_id, coalesce(e.matter_id, r.matter_id) AS matter_id, r.amount, r.happened_on,
       coalesce(r.beneficiary_id::text, md5(r.beneficiary)) AS beneficiary,
       greatest(e.recorded_at, b.recorded_at) AS recorded_at, v.happened_on AS reversed_on,
       v.recorded_at AS reversal_recorded_at, coalesce(o.unit_path, m.unit_path) AS unit_path,
       coalesce(o.campaign_id, m.campaign_id) AS campaign_id,
       coalesce(o.source, m.source) AS source,
       coalesce(o.responsible_leader, m.responsible_leader) AS responsible_leader
  FROM money_return r
  LEFT JOIN journal_entry e ON e.id = r.entry_id
  LEFT JOIN journal_entry v ON v.reverses_id = e.id
  LEFT JOIN import_batch b ON b.id = r.import_batch_id
  LEFT JOIN matter m ON m.id = e.fund_item_id
  LEFT JOIN matter o ON o.id = coalesce(e.matter_id, r.matter_id)
 WHERE (m.id IS NOT NULL AND @@counted:m@@) OR (m.id IS NULL AND @@desk@@);

-- Cases with the leads that they came from. A lead is a key here that tells nothing of it, so that
-- only the case's own matter is asked about.
CREATE VIEW guard.counted_case WITH (security_barrier) AS
SELECT m.id, m.kind, m.state, m.stage, m.unit_path, m.campaign_id, m.source,
       m.responsible_leader, m.profile_id, m.recorded_at, k.from_id AS lead_id, k.begins_on,
       k.ends_on
  FROM matter_link k JOIN matter m ON m.id = k.to_id
 WHERE k.kind = 'lead_case' AND m.kind = 'case' AND @@counted:m@@;
