-- What totals are counted from: anonymous facts, in views that the guard owns.
--
-- A view reads its tables as its owner, whom row security lets through; so each says itself whose
-- matters it shows: those of the reader, by the words of the tables' own policies, and to an
-- operator, who may read totals and open no matter, those of the operator's subtree. The same
-- statements then serve both, and the planner sees through a view where it can't see through a
-- function. No view has a name, a title or a text of a matter; a person is a key without a name.

CREATE VIEW guard.counted_matter WITH (security_barrier) AS
SELECT m.id, m.kind, m.state, m.stage, m.unit_id, m.unit_path, m.campaign_id, m.source,
       m.responsible_leader, m.opened_on, m.closed_on, m.profile_id, m.effective, m.recorded_at
  FROM matter m WHERE @@counted:m@@;

CREATE VIEW guard.counted_lead WITH (security_barrier) AS
SELECT m.id, m.kind, m.state, m.stage, m.unit_id, m.unit_path, m.campaign_id, m.source,
       m.responsible_leader, m.profile_id, m.recorded_at,
       l.received_on, l.method, l.disposed_on, l.filed_on
  FROM matter m JOIN lead l ON l.id = m.id WHERE @@counted:m@@;

CREATE VIEW guard.counted_petition WITH (security_barrier) AS
SELECT m.id, m.kind, m.state, m.stage, m.unit_id, m.unit_path, m.campaign_id, m.source,
       m.responsible_leader, m.profile_id, m.recorded_at,
       p.received_on, p.channel, p.class, p.backlog
  FROM matter m JOIN petition p ON p.id = m.id WHERE @@counted:m@@;

CREATE VIEW guard.counted_step WITH (security_barrier) AS
SELECT t.matter_id, t.version, t.to_state, t.happened_on, t.recorded_at
  FROM transition t JOIN matter m ON m.id = t.matter_id WHERE @@counted:m@@;

CREATE VIEW guard.counted_disposal WITH (security_barrier) AS
SELECT d.lead_id, d.method, d.disposed_on, d.filed_on, d.recorded_at
  FROM disposal d JOIN matter m ON m.id = d.lead_id WHERE @@counted:m@@;

CREATE VIEW guard.counted_link WITH (security_barrier) AS
SELECT k.kind, k.from_id, k.to_id, k.begins_on, k.ends_on
  FROM matter_link k JOIN matter m ON m.id = k.from_id JOIN matter o ON o.id = k.to_id
 WHERE @@counted:m@@ AND @@counted:o@@;

CREATE VIEW guard.counted_outcome WITH (security_barrier) AS
SELECT o.id, o.matter_id, o.kind, o.measure, o.form, o.quantity, o.decided_on, o.replaces_id,
       o.recorded_at, o.involvement_id, i.person_id, i.organisation_id, m.kind AS matter_kind, m.unit_path,
       m.campaign_id, m.source, m.responsible_leader
  FROM outcome o JOIN matter m ON m.id = o.matter_id
  LEFT JOIN involvement i ON i.id = o.involvement_id
 WHERE @@counted:m@@;

CREATE VIEW guard.counted_involvement WITH (security_barrier) AS
SELECT i.id, i.matter_id, i.code, i.part, i.person_id, i.organisation_id, i.ended_on
  FROM involvement i JOIN matter m ON m.id = i.matter_id WHERE @@counted:m@@;

-- Which outcomes a later one replaced, and when: keys and days only, whosever they are, so that it
-- costs nothing to look up.
CREATE VIEW guard.counted_replacement WITH (security_barrier) AS
SELECT r.replaces_id, r.decided_on, r.recorded_at FROM outcome r
 WHERE r.replaces_id IS NOT NULL AND (SELECT guard.actor()) IS NOT NULL;

-- Every posting, with what its lead or case says. `intake` is the receipt's, also where the
-- receipt is reversed. What hangs on no item is the money desk's alone.
CREATE VIEW guard.counted_posting WITH (security_barrier) AS
SELECT p.id, p.entry_id, p.account, p.amount, p.fund_item_id, e.kind, e.matter_id, e.happened_on,
       e.recorded_at, r.intake, coalesce(o.unit_path, m.unit_path) AS unit_path,
       coalesce(o.campaign_id, m.campaign_id) AS campaign_id,
       coalesce(o.source, m.source) AS source,
       coalesce(o.responsible_leader, m.responsible_leader) AS responsible_leader
  FROM posting p JOIN journal_entry e ON e.id = p.entry_id
  LEFT JOIN matter m ON m.id = p.fund_item_id
  LEFT JOIN matter o ON o.id = e.matter_id
  LEFT JOIN money_receipt r ON r.entry_id = coalesce(e.reverses_id, e.id)
 WHERE (p.fund_item_id IS NOT NULL AND @@counted:m@@) OR (p.fund_item_id IS NULL AND @@desk@@);

-- What villagers signed for. A row without an entry waits for its bank line; one whose entry was
-- reversed did not happen after all.
CREATE VIEW guard.counted_return WITH (security_barrier) AS
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

CREATE VIEW guard.counted_bank_line WITH (security_barrier) AS
SELECT l.id, l.account_number, l.serial, l.happened_on, l.credit, l.debit, l.balance,
       b.recorded_at
  FROM bank_line l LEFT JOIN import_batch b ON b.id = l.import_batch_id
 WHERE @@desk@@;

CREATE VIEW guard.counted_doubt WITH (security_barrier) AS
SELECT d.id, d.rule, d.matter_id, d.settled_on, d.recorded_at, m.unit_path, m.campaign_id,
       m.source, m.responsible_leader
  FROM doubt d LEFT JOIN matter m ON m.id = d.matter_id
 WHERE (m.id IS NOT NULL AND @@counted:m@@) OR (m.id IS NULL AND @@desk@@);

-- For lists that go out masked: whoever may see somebody's part in a matter.
CREATE VIEW guard.masked_person WITH (security_barrier) AS
SELECT p.id, left(p.name, 1) || repeat('×', greatest(char_length(p.name) - 1, 1)) AS name, p.member
  FROM person p
 WHERE EXISTS (SELECT 1 FROM involvement i JOIN matter m ON m.id = i.matter_id
                WHERE i.person_id = p.id AND (@@audit:m@@ OR @@content:m@@))
    OR ((SELECT guard.holds('{keeper,finance,auditor}'))
        AND EXISTS (SELECT 1 FROM money_return r WHERE r.beneficiary_id = p.id));
