-- Money as somebody may read it who may not know names: the tables themselves show such a reader
-- nothing. Whose movements they are is said here, in the words of the tables' own policies.

CREATE VIEW guard.masked_money_receipt WITH (security_barrier) AS
SELECT r.entry_id, r.intake,
       left(r.paid_in_by, 1) || repeat('×', greatest(char_length(r.paid_in_by) - 1, 1))
         AS paid_in_by,
       repeat('*', greatest(char_length(r.bank_reference) - 4, 0))
         || CASE WHEN char_length(r.bank_reference) > 4 THEN right(r.bank_reference, 4)
                 ELSE repeat('*', char_length(r.bank_reference)) END AS bank_reference
  FROM money_receipt r JOIN journal_entry e ON e.id = r.entry_id
 WHERE EXISTS (SELECT 1 FROM matter m WHERE m.id IN (e.matter_id, e.fund_item_id) AND @@audit:m@@);

CREATE VIEW guard.masked_money_return WITH (security_barrier) AS
SELECT r.id, r.entry_id, r.matter_id,
       left(r.beneficiary, 1) || repeat('×', greatest(char_length(r.beneficiary) - 1, 1))
         AS beneficiary,
       NULL::uuid AS beneficiary_id, NULL::text AS address, r.amount, r.happened_on, r.signed,
       r.signed_on
  FROM money_return r LEFT JOIN journal_entry e ON e.id = r.entry_id
 WHERE EXISTS (SELECT 1 FROM matter m
                WHERE m.id IN (e.matter_id, e.fund_item_id, r.matter_id) AND @@audit:m@@)
    OR (r.entry_id IS NULL AND r.matter_id IS NULL AND @@auditor@@);

CREATE VIEW guard.masked_bank_line WITH (security_barrier) AS
SELECT l.id, l.serial, l.happened_on, NULL::text AS summary, l.cited, l.credit, l.debit, l.balance,
       left(l.counterparty, 1) || repeat('×', greatest(char_length(l.counterparty) - 1, 1))
         AS counterparty
  FROM bank_line l WHERE @@auditor@@;
