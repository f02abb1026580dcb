"""Rows by SQL, as the services would have written them over some years.

Of twenty matters twelve are leads, three petitions, three cases and two fund items. Every fourth
lead was filed and has its case; a third of the leads are open. Dates spread over 1,300 days.
Ids sort by day, as the product's own do, and are computed, so that no statement looks one up.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

# `k` numbers the rows of a kind from 0; `day` and place follow from it.
_BASE = """
CREATE FUNCTION pg_temp.at(word text, k bigint, day date) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN (lpad(to_hex(extract(epoch FROM day)::bigint * 1000 + k % 86400000), 12, '0') || '7'
        || substr(md5(word || k), 1, 3) || '8' || substr(md5(word || k), 4, 15))::uuid;
CREATE FUNCTION pg_temp.any_of(many bigint, k bigint, salt bigint) RETURNS bigint LANGUAGE sql
IMMUTABLE RETURN abs(hashint8extended(k, salt) % many);
CREATE TEMP TABLE village AS
  SELECT id, path, row_number() OVER (ORDER BY path) - 1 AS at FROM unit
   WHERE path <@ 'YC' AND kind = 'village';
CREATE TEMP TABLE topic AS
  SELECT id, row_number() OVER (ORDER BY key) - 1 AS at FROM campaign;
CREATE TEMP TABLE told AS
  SELECT (SELECT id FROM account WHERE login = 'manager') AS manager,
         (SELECT id FROM account WHERE login = 'handler') AS handler,
         (SELECT id FROM account WHERE login = 'head') AS head,
         (SELECT id FROM account WHERE login = 'deputy') AS deputy,
         (SELECT id FROM unit WHERE code = 'YC-S1') AS room,
         (SELECT path FROM unit WHERE code = 'YC-S1') AS room_path,
         (SELECT id FROM profile_version WHERE name = 'cn-discipline'
           ORDER BY recorded_at DESC LIMIT 1) AS profile,
         (SELECT chain FROM request LIMIT 1) AS chain;
CREATE TEMP TABLE lead_made AS
  SELECT k, pg_temp.at('lead', k, day) AS id, day, v.id AS unit_id, v.path AS unit_path,
         (ARRAY['petition', 'one_click', 'inspection', 'sweep', 'supervision'])
           [pg_temp.any_of(5, k, 1) + 1] AS source,
         t.id AS campaign_id, pg_temp.any_of(24, k, 2) AS leader,
         CASE WHEN k % 4 = 0 THEN 'filed' WHEN k % 12 IN (1, 5) THEN 'assessing'
              WHEN k % 12 = 2 THEN 'held' WHEN k % 12 = 3 THEN 'verifying' ELSE 'closed' END
           AS state,
         CASE WHEN k % 4 = 0 THEN 'verification' WHEN k % 12 IN (1, 5) THEN NULL
              WHEN k % 12 = 2 THEN 'hold' WHEN k % 12 = 3 THEN 'verification'
              WHEN k % 12 IN (6, 7) THEN 'talk_letter' ELSE 'close' END AS method
    FROM (SELECT k, date '2015-01-01' + (k * 1300.0 / %(leads)s)::int AS day
            FROM generate_series(0, %(leads)s - 1) k) n
    JOIN village v ON v.at = pg_temp.any_of((SELECT count(*) FROM village), k, 3)
    LEFT JOIN topic t ON t.at = pg_temp.any_of(8, k, 4);
CREATE TEMP TABLE called AS
  SELECT k, surname[pg_temp.any_of(cardinality(surname), k, 5) + 1]
         || CASE WHEN pg_temp.any_of(5, k, 6) > 0
                 THEN given[pg_temp.any_of(cardinality(given), k, 7) + 1] ELSE '' END
         || given[pg_temp.any_of(cardinality(given), k, 8) + 1] AS name
    FROM generate_series(0, %(leads)s - 1) k, (
      SELECT string_to_array(repeat('王李张刘陈', 5) || repeat('杨黄赵吴周', 3)
               || '徐孙马朱胡郭何高林罗单曾仇解区查龚谭', NULL) AS surname,
             string_to_array('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文辉力'
               || '志海生永春梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉', NULL) AS given) n;
ANALYZE village, topic, told, lead_made, called;
"""

_MATTER = """INSERT INTO matter (id, kind, district, number, title, state, stage, unit_id,
  unit_path, assigned_unit_id, assigned_path, made_by, profile_id, version, source,
  responsible_leader, campaign_id, opened_on, due_on, closed_on, effective, recorded_at) """

_FILL = (
    _MATTER
    + """SELECT m.id, 'lead', 'YC', 'B' || lpad(k::text, 8, '0'), '第' || k || '件补助问题', state,
         CASE state WHEN 'assessing' THEN 'assess' WHEN 'held' THEN 'assess'
                    WHEN 'closed' THEN 'review' ELSE 'investigate' END,
         unit_id, unit_path, t.room, t.room_path, t.manager, t.profile,
         CASE WHEN state = 'assessing' THEN 2 ELSE 3 END, source,
         CASE WHEN leader < 12 THEN '包案领导' || leader END, campaign_id, day,
         CASE WHEN state IN ('assessing', 'held', 'verifying') THEN day + 31 END,
         CASE WHEN state IN ('filed', 'closed') THEN day + 60 END, state = 'closed', day
    FROM lead_made m, told t""",
    """INSERT INTO lead (id, received_on, what, amount, method, disposed_on, filed_on)
  SELECT id, day, '反映第' || k || '户多领补助，群众有意见', (k % 1000) * 10, method,
         CASE WHEN method IS NOT NULL THEN day + 20 END,
         CASE WHEN state = 'filed' THEN day + 60 END FROM lead_made""",
    """INSERT INTO disposal (id, lead_id, method, disposed_on, filed_on, recorded_at)
  SELECT pg_temp.at('disposal', k, day + 20), id, method, day + 20,
         CASE WHEN state = 'filed' THEN day + 60 END, day + 20
    FROM lead_made WHERE method IS NOT NULL""",
    """INSERT INTO request (id, matter_id, event, from_state, to_state, form, requested_by,
      requested_on, chain, next_position, status, matter_version, ended_on, recorded_at)
  SELECT pg_temp.at('request', k, day + 20), id, 'verify', 'assessing', state, '{"plan": "查"}',
         t.head, day + 18, t.chain, 1, 'approved', 2, day + 20, day + 20
    FROM lead_made, told t WHERE method IS NOT NULL""",
    """INSERT INTO signature (id, request_id, matter_id, requested_by, position, act, role,
      account_id, verdict, reason, signed_on, recorded_at)
  SELECT pg_temp.at('signature', k, day + 20), pg_temp.at('request', k, day + 20), id, t.head, 1,
         'decide', 'deputy', t.deputy, 'sign', '同意', day + 20, day + 20
    FROM lead_made, told t WHERE method IS NOT NULL""",
    """INSERT INTO transition (id, matter_id, version, event, from_state, to_state, actor_id,
      request_id, happened_on, recorded_at)
  SELECT pg_temp.at('step' || v, k, m.day + (v - 1) * 20), m.id, v,
         (ARRAY['register_new', 'take_on', 'verify'])[v],
         (ARRAY[NULL, 'registered', 'assessing'])[v],
         CASE v WHEN 1 THEN 'registered' WHEN 2 THEN 'assessing' ELSE state END, t.manager,
         CASE WHEN v = 3 THEN pg_temp.at('request', k, day + 20) END,
         day + (v - 1) * CASE WHEN state IN ('filed', 'closed') THEN 30 ELSE 10 END,
         day + (v - 1) * 20
    FROM lead_made m, told t, generate_series(1, 3) v
   WHERE v < 3 OR state <> 'assessing'""",
    """INSERT INTO team_member (id, matter_id, account_id, part, begins_on)
  SELECT pg_temp.at('team', k, day), id, t.handler, 'lead_handler', day
    FROM lead_made, told t WHERE k % (%(leads)s / 30 + 1) = 1""",
    """INSERT INTO person (id, name, unit_id, presumed)
  SELECT pg_temp.at('person', k, day), c.name, unit_id, true
    FROM lead_made JOIN called c USING (k)""",
    # Every fiftieth lead was talked about.
    """INSERT INTO note (id, matter_id, text, made_by, made_on)
  SELECT pg_temp.at('note', k, day), id, '第' || k || '号：核对造林图，与林业站台账不符。',
         t.handler, day + 5 FROM lead_made, told t WHERE k % 50 = 7""",
    """INSERT INTO involvement (id, matter_id, part, person_id, code, begins_on)
  SELECT pg_temp.at('part', k, day), id, 'subject', pg_temp.at('person', k, day), '01', day
    FROM lead_made""",
    """INSERT INTO clock (id, matter_id, rule, amount, unit, started_on, due_on)
  SELECT pg_temp.at('clock', k, day), id, 'disposal', 1, 'M', day, day + 31
    FROM lead_made WHERE state IN ('assessing', 'held', 'verifying')""",
    """INSERT INTO outcome (id, matter_id, involvement_id, kind, measure, form, decided_on,
      effective_on, recorded_at)
  SELECT pg_temp.at('handled', k, day), id, pg_temp.at('part', k, day), 'handling',
         'reminder_talk', 1, day + 60, day + 60, day + 60
    FROM lead_made WHERE state = 'closed' AND k % 2 = 1""",
    # Cases of the leads that were filed.
    _MATTER
    + """SELECT pg_temp.at('case', k, day + 60), 'case', 'YC',
         'B' || lpad(k::text, 8, '0') || '-立', '第' || k || '件补助案',
         CASE WHEN k % 5 < 3 THEN 'closed' ELSE 'investigating' END,
         CASE WHEN k % 5 < 3 THEN 'review' ELSE 'investigate' END, unit_id, unit_path, t.room,
         t.room_path, t.manager, t.profile, 2, source,
         CASE WHEN leader < 12 THEN '包案领导' || leader END, campaign_id, day + 60,
         CASE WHEN k % 5 >= 3 THEN day + 425 END, CASE WHEN k % 5 < 3 THEN day + 200 END,
         k % 5 < 3, day + 60
    FROM lead_made, told t WHERE state = 'filed'""",
    """INSERT INTO "case" (id, filed_on, brief, closed_on)
  SELECT pg_temp.at('case', k, day + 60), day + 60, '多领补助',
         CASE WHEN k % 5 < 3 THEN day + 200 END FROM lead_made WHERE state = 'filed'""",
    """INSERT INTO matter_link (id, kind, from_id, to_id, begins_on)
  SELECT pg_temp.at('link', k, day), 'lead_case', id, pg_temp.at('case', k, day + 60), day + 60
    FROM lead_made WHERE state = 'filed'""",
    """INSERT INTO transition (id, matter_id, version, event, to_state, actor_id, happened_on,
      recorded_at)
  SELECT pg_temp.at('case' || v, k, day), pg_temp.at('case', k, day + 60), v,
         CASE v WHEN 1 THEN 'filed_from_lead' ELSE 'announce' END,
         CASE WHEN v = 1 THEN 'filed' WHEN k % 5 < 3 THEN 'closed' ELSE 'investigating' END,
         t.manager, day + 60 + (v - 1) * CASE WHEN k % 5 < 3 THEN 140 ELSE 3 END, day + 60
    FROM lead_made, told t, generate_series(1, 2) v WHERE state = 'filed'""",
    """INSERT INTO involvement (id, matter_id, part, person_id, code, begins_on)
  SELECT pg_temp.at('accused', k, day), pg_temp.at('case', k, day + 60), 'subject',
         pg_temp.at('person', k, day), '01', day + 60 FROM lead_made WHERE state = 'filed'""",
    """INSERT INTO outcome (id, matter_id, involvement_id, kind, measure, form, decided_on,
      effective_on, recorded_at)
  SELECT pg_temp.at('sanction', k, day), pg_temp.at('case', k, day + 60),
         pg_temp.at('accused', k, day),
         CASE WHEN k % 8 = 0 THEN 'party_sanction' ELSE 'administrative_sanction' END,
         CASE WHEN k % 8 = 0 THEN 'party_warning' ELSE 'administrative_demerit' END, 2, day + 190,
         day + 195, day + 190 FROM lead_made WHERE state = 'filed' AND k % 5 < 3""",
    # Petitions.
    _MATTER
    + """SELECT pg_temp.at('petition', k, day), 'petition', 'YC', 'X' || lpad(k::text, 8, '0'),
         '第' || k || '件来信', CASE WHEN k % 3 > 0 THEN 'closed' ELSE 'handed_over' END,
         CASE WHEN k % 3 > 0 THEN 'review' ELSE 'assess' END, unit_id, unit_path, t.room,
         t.room_path, t.manager, t.profile, 2, source, '包案领导' || leader, campaign_id, day,
         CASE WHEN k % 3 = 0 THEN day + 60 END, CASE WHEN k % 3 > 0 THEN day + 55 END,
         k % 3 > 0, day
    FROM lead_made, told t WHERE k % 4 = 1""",
    """INSERT INTO petition (id, received_on, channel, class, content, backlog)
  SELECT pg_temp.at('petition', k, day), day, (ARRAY['letter', 'one_click', 'visit'])[k % 3 + 1],
         'report', '反映村干部多领补助', k % 7 = 0 FROM lead_made WHERE k % 4 = 1""",
    """INSERT INTO transition (id, matter_id, version, event, to_state, actor_id, happened_on,
      recorded_at)
  SELECT pg_temp.at('heard' || v, k, day), pg_temp.at('petition', k, day), v, 'register',
         CASE WHEN v = 1 THEN 'registered' WHEN k % 3 > 0 THEN 'closed' ELSE 'handed_over' END,
         t.manager, day + (v - 1) * 55, day
    FROM lead_made, told t, generate_series(1, 2) v WHERE k % 4 = 1""",
    # Fund items of every sixth lead; half of them gave their money back.
    _MATTER
    + """SELECT pg_temp.at('item', k, day + 30), 'fund_item', 'YC', 'K' || lpad(k::text, 8, '0'),
         '第' || k || '件退缴款', CASE WHEN k % 12 = 4 THEN 'settled' ELSE 'in_custody' END,
         CASE WHEN k % 12 = 4 THEN 'review' ELSE 'investigate' END, unit_id, unit_path, t.room,
         t.room_path, t.manager, t.profile, 1, source, NULL, campaign_id, day + 30, NULL,
         CASE WHEN k % 12 = 4 THEN day + 120 END, false, day + 30
    FROM lead_made, told t WHERE k % 6 = 4""",
    """INSERT INTO transition (id, matter_id, version, event, to_state, actor_id, happened_on,
      recorded_at)
  SELECT pg_temp.at('taken', k, day), pg_temp.at('item', k, day + 30), 1, 'identify',
         CASE WHEN k % 12 = 4 THEN 'settled' ELSE 'in_custody' END, t.manager, day + 30, day + 30
    FROM lead_made, told t WHERE k % 6 = 4""",
    """INSERT INTO fund_item (id, origin_id, intake, description)
  SELECT pg_temp.at('item', k, day + 30), id, (ARRAY['collected', 'surrendered'])[k % 2 + 1],
         '退缴违纪款' FROM lead_made WHERE k % 6 = 4""",
    """INSERT INTO bank_line (id, account_number, serial, happened_on, summary, credit, debit,
      balance)
  SELECT pg_temp.at('line', k, day), '6222', k::text, day + 30, '退缴', (k % 900 + 100) * 1.01, 0, k
    FROM lead_made WHERE k % 6 = 4""",
    """INSERT INTO journal_entry (id, kind, matter_id, fund_item_id, unit_id, happened_on,
      bank_line_id, recorded_by, recorded_at)
  SELECT pg_temp.at('entry' || v, k, day), CASE v WHEN 1 THEN 'receipt' ELSE 'return' END, id,
         pg_temp.at('item', k, day + 30), unit_id, day + 30 * v,
         CASE WHEN v = 1 THEN pg_temp.at('line', k, day) END, t.manager, day + 30 * v
    FROM lead_made, told t, generate_series(1, 2) v
   WHERE k % 6 = 4 AND (v = 1 OR k % 12 = 4)""",
    """INSERT INTO posting (id, entry_id, account, fund_item_id, amount)
  SELECT pg_temp.at('leg' || v || w, k, day), pg_temp.at('entry' || v, k, day),
         CASE WHEN w = 1 THEN 'bank' WHEN v = 1 THEN 'payer' ELSE 'refund' END,
         pg_temp.at('item', k, day + 30),
         (k % 900 + 100) * CASE WHEN v = 1 THEN 1.01 ELSE 0.51 END
           * CASE WHEN (w = 1) = (v = 1) THEN 1 ELSE -1 END
    FROM lead_made, generate_series(1, 2) v, generate_series(1, 2) w
   WHERE k % 6 = 4 AND (v = 1 OR k % 12 = 4)""",
    """INSERT INTO money_receipt (entry_id, intake, paid_in_by, bank_reference)
  SELECT pg_temp.at('entry1', k, day), (ARRAY['collected', 'surrendered'])[k % 2 + 1],
         '某' || k, k::text FROM lead_made WHERE k % 6 = 4""",
    """INSERT INTO money_return (id, entry_id, matter_id, beneficiary, amount, happened_on, signed)
  SELECT pg_temp.at('repaid', k, day), pg_temp.at('entry2', k, day), id, '村民' || k,
         (k % 900 + 100) * 0.51, day + 60, 'signature' FROM lead_made WHERE k % 12 = 4""",
    # What triggers keep.
    """INSERT INTO handler_wanted (matter_id)
  SELECT id FROM matter m WHERE closed_on IS NULL AND assigned_unit_id IS NOT NULL
     AND stage <> 'share' AND kind <> 'fund_item'
     AND NOT EXISTS (SELECT 1 FROM team_member t WHERE t.matter_id = m.id AND t.ends_on IS NULL)
      ON CONFLICT DO NOTHING""",
)

TABLES = (
    "matter", "lead", "disposal", "request", "signature", "transition", "team_member", "person",
    "note", "involvement", "clock", "outcome", "case", "matter_link", "petition", "fund_item",
    "bank_line", "journal_entry", "posting", "money_receipt", "money_return",
)  # fmt: skip


def fill(admin: psycopg.Connection, matters: int) -> None:
    """Fill an empty district with about so many matters, as the cluster's superuser.

    Triggers and foreign keys rest meanwhile, and indexes are made afterwards: the rows are the
    same, in a tenth of the time.
    """
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute("SET LOCAL maintenance_work_mem = '1GB'")
        indexes = _drop_indexes(admin)
        values = {"leads": matters * 12 // 20}
        writer = psycopg.ClientCursor(admin)
        for statement in (*_BASE.strip().removesuffix(";").split(";\n"), *_FILL):
            admin.execute(writer.mogrify(statement.replace(" % ", " %% "), values))
        for index in indexes:
            admin.execute(index)
    admin.execute("VACUUM ANALYZE")


def _drop_indexes(admin: psycopg.Connection) -> list[bytes]:
    """Drops what no constraint needs; returns what makes it again."""
    found = admin.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
        " WHERE n.nspname = 'public' AND t.relname = ANY (%s) AND t.relkind = 'r'"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        (list(TABLES),),
    ).fetchall()
    for name, _definition in found:
        admin.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(name)))
    return [definition.encode() for _name, definition in found]
