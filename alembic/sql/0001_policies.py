"""Row security as the first migration writes it: which rows each table shows to whom.

Kept as text beside the migrations: a later migration that changes a policy writes its own.
"""

CONTENT = """(
   {m}.unit_path <@ (SELECT guard.reach('{{chief,secretary,liaison}}'))
   OR ({m}.classification <= (SELECT guard.clearance()) AND (
        {m}.unit_path <@ (SELECT guard.reach('{{lead_manager,deputy}}'))
        OR ({m}.kind = 'petition' AND {m}.unit_path
            <@ (SELECT guard.reach('{{intake_officer,petitions_head}}')))
        OR {m}.assigned_path <@ (SELECT guard.reach('{{department_head}}'))
        OR ({m}.adjudicated AND {m}.unit_path
            <@ (SELECT guard.reach('{{adjudicator,adjudication_head}}')))
        OR ({m}.kind = 'fund_item' AND {m}.unit_path
            <@ (SELECT guard.reach('{{keeper,finance}}')))))
   OR {m}.made_by = (SELECT guard.maker())
   OR {m}.id = ANY ((SELECT guard.mine())::uuid[])
)"""

AUDIT = """({m}.classification <= (SELECT guard.clearance())
   AND {m}.unit_path <@ (SELECT guard.reach('{{auditor}}')))"""

VISIBLE = "EXISTS (SELECT 1 FROM matter m WHERE m.id = {column})"
WORKED = (
    "EXISTS (SELECT 1 FROM matter m WHERE m.id = {column}) AND ((SELECT guard.reads_content())"
    " OR {column} = ANY ((SELECT guard.mine())::uuid[]))"
)
# A reporting unit may add what belongs to a lead while it logs it, and nothing afterwards.
LOGGED = (
    "EXISTS (SELECT 1 FROM matter m WHERE m.id = {column}"
    " AND m.version = 1 AND m.made_by = (SELECT guard.actor()))"
)
IMPORTING = "(SELECT guard.import_batch()) IS NOT NULL"
SIGNED_IN = "(SELECT guard.actor()) IS NOT NULL"
MONEY_DESK = "(SELECT guard.holds('{keeper,finance,auditor,lead_manager,deputy,chief}'))"
REGISTERS = "((SELECT guard.reads_content()) OR " + IMPORTING + ")"

# Tables that hang on a matter: the column, and whether an auditor may read it.
ON_MATTER = {
    "petition": ("id", False),
    "lead": ("id", True),
    "case": ("id", True),
    "fund_item": ("id", True),
    "team_member": ("matter_id", True),
    "transition": ("matter_id", True),
    "clock": ("matter_id", True),
    "note": ("matter_id", False),
    "correction": ("matter_id", False),
    "request": ("matter_id", False),
    "signature": ("matter_id", True),
    "committee_decision": ("matter_id", False),
    "involvement": ("matter_id", True),
    "outcome": ("matter_id", True),
    "statement": ("matter_id", False),
    "task": ("matter_id", True),
    "claimed_amount": ("matter_id", True),
    "payee": ("fund_item_id", False),
    "finding": ("lead_id", True),
}

UPDATABLE = [
    "petition", "lead", "case", "fund_item", "team_member", "clock", "request", "involvement",
    "statement", "task", "payee",
]  # fmt: skip

INSERT_ALSO = {
    # Nobody becomes a member of a team by an import; a signature is the actor's own hand.
    "team_member": None,
    "signature": "manner = 'ledger'",
    "transition": "manner = 'ledger'",
    "request": "manner = 'ledger'",
}
INSERT_ONLY_IF = {
    "signature": "account_id = (SELECT guard.actor())",
    "request": "requested_by = (SELECT guard.actor()) AND status = 'open'",
    # The first step only: every later one is written by guard.advance().
    "transition": "version = 1 AND actor_id = (SELECT guard.actor()) AND manner = 'own'",
    "note": "made_by = (SELECT guard.actor())",
    "correction": "made_by = (SELECT guard.actor())",
}


def on_matter(table: str) -> list[str]:
    """The policies of a table that hangs on a matter."""
    column, audited = ON_MATTER[table]
    column = f"{_quoted(table)}.{column}"
    worked = WORKED.format(column=column)
    seen = VISIBLE.format(column=column) if audited else worked
    insert = f"(({worked}) OR {LOGGED.format(column=column)})"
    if table in INSERT_ONLY_IF:
        insert = f"({insert} AND {INSERT_ONLY_IF[table]})"
    also = INSERT_ALSO.get(table, "true")
    if also is not None:
        insert = f"({insert} OR ({IMPORTING} AND {also}))"
    found = [policy(table, "select", seen), policy(table, "insert", insert)]
    if table in UPDATABLE:
        found.append(policy(table, "update", worked))
    return found


def _quoted(table: str) -> str:
    return f'"{table}"'


def policy(table: str, command: str, rule: str) -> str:
    clause = f"WITH CHECK ({rule})" if command == "insert" else f"USING ({rule})"
    return (
        f"CREATE POLICY app_{command} ON {_quoted(table)} FOR {command.upper()}"
        f" TO plumbline_app {clause}"
    )


def matter() -> list[str]:
    content = CONTENT.format(m="matter")
    seen = f"{content} OR {AUDIT.format(m='matter')}"
    made = (
        "made_by = (SELECT guard.actor())"
        " AND (import_batch_id IS NULL OR import_batch_id = (SELECT guard.import_batch()))"
        " AND (import_batch_id IS NOT NULL OR (SELECT guard.maker()) IS NOT NULL)"
    )
    return [policy("matter", "select", seen), policy("matter", "insert", made)]


OTHERS: dict[str, dict[str, str]] = {
    "unit": {
        "select": SIGNED_IN,
        "insert": "(SELECT guard.holds('{administrator,operator,lead_manager}'))",
        "update": "(SELECT guard.holds('{administrator,operator,lead_manager}'))",
    },
    "campaign": {"select": SIGNED_IN, "insert": f"{REGISTERS}"},
    "inspection_round": {"select": SIGNED_IN, "insert": f"{REGISTERS}"},
    "profile_version": {"select": SIGNED_IN},
    "person": {"select": REGISTERS, "insert": REGISTERS, "update": REGISTERS},
    "organisation": {"select": REGISTERS, "insert": REGISTERS, "update": REGISTERS},
    "account": {
        "select": SIGNED_IN,
        "insert": "(SELECT guard.holds('{administrator,operator}'))",
        "update": "(SELECT guard.holds('{administrator,operator}')) OR id = (SELECT guard.actor())",
    },
    "role_held": {
        "select": SIGNED_IN,
        "insert": "(SELECT guard.holds('{administrator,operator}'))",
        "update": "(SELECT guard.holds('{administrator,operator}'))",
    },
    "matter_link": {
        "select": "EXISTS (SELECT 1 FROM matter m WHERE m.id = from_id)"
        " AND EXISTS (SELECT 1 FROM matter m WHERE m.id = to_id)",
        "insert": "(EXISTS (SELECT 1 FROM matter m WHERE m.id = from_id)"
        " AND EXISTS (SELECT 1 FROM matter m WHERE m.id = to_id)"
        f" AND (SELECT guard.reads_content())) OR {IMPORTING}",
        "update": "EXISTS (SELECT 1 FROM matter m WHERE m.id = from_id)"
        " AND EXISTS (SELECT 1 FROM matter m WHERE m.id = to_id)"
        " AND (SELECT guard.reads_content())",
    },
    "reporter_identity": {
        # Written by intake when it logs the petition, or by an import; read only through
        # guard.read_reporter(), which records the reading.
        "insert": "EXISTS (SELECT 1 FROM matter m WHERE m.id = petition_id AND"
        " m.kind = 'petition' AND m.made_by = (SELECT guard.actor()) AND m.version = 1)"
        f" OR {IMPORTING}",
    },
    "blind_count": {
        "select": "(SELECT guard.holds('{petitions_head,chief,liaison}'))",
        "insert": "recorded_by = (SELECT guard.actor())"
        " AND (SELECT guard.holds('{intake_officer,petitions_head}'))",
    },
    "journal_entry": {
        "select": "EXISTS (SELECT 1 FROM matter m WHERE m.id IN (matter_id, fund_item_id))"
        f" OR (fund_item_id IS NULL AND {MONEY_DESK})",
        "insert": "recorded_by = (SELECT guard.actor()) AND ((fund_item_id IS NOT NULL"
        " AND EXISTS (SELECT 1 FROM matter m WHERE m.id = fund_item_id))"
        f" OR (fund_item_id IS NULL AND {MONEY_DESK}) OR {IMPORTING})",
    },
    "posting": {
        "select": "EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = entry_id)",
        "insert": "EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = entry_id"
        f" AND e.recorded_by = (SELECT guard.actor())) OR {IMPORTING}",
    },
    "money_receipt": {
        "select": "EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = entry_id)",
        "insert": "EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = entry_id"
        f" AND e.recorded_by = (SELECT guard.actor())) OR {IMPORTING}",
        "update": "EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = entry_id)"
        " AND (SELECT guard.reads_content())",
    },
    "money_return": {
        "select": "EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = entry_id)"
        f" OR (entry_id IS NULL AND {MONEY_DESK}) OR {IMPORTING}",
        "insert": "EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = entry_id"
        f" AND e.recorded_by = (SELECT guard.actor())) OR {IMPORTING}",
        "update": f"{IMPORTING} OR (SELECT guard.reads_content())",
    },
    "bank_line": {
        "select": f"{MONEY_DESK} OR {IMPORTING}"
        " OR EXISTS (SELECT 1 FROM journal_entry e WHERE e.bank_line_id = bank_line.id)",
        "insert": IMPORTING,
    },
    "import_batch": {
        "select": "made_by = (SELECT guard.actor()) OR (SELECT guard.holds('{lead_manager}'))",
        "insert": "made_by = (SELECT guard.actor())",
        "update": "made_by = (SELECT guard.actor())",
    },
    "import_row": {
        "select": "EXISTS (SELECT 1 FROM import_batch b WHERE b.id = batch_id)",
        "insert": IMPORTING,
    },
    "doubt": {
        "select": "EXISTS (SELECT 1 FROM matter m WHERE m.id = matter_id)"
        " OR (matter_id IS NULL AND (SELECT guard.holds('{lead_manager,finance,auditor}')))",
        "insert": IMPORTING,
        "update": "EXISTS (SELECT 1 FROM matter m WHERE m.id = matter_id)"
        " AND (SELECT guard.reads_content())",
    },
    "possible_repeat": {
        "select": "EXISTS (SELECT 1 FROM matter m WHERE m.id = matter_id)"
        " AND EXISTS (SELECT 1 FROM matter m WHERE m.id = other_id)",
        "insert": f"(SELECT guard.reads_content()) OR {IMPORTING}",
        "update": "EXISTS (SELECT 1 FROM matter m WHERE m.id = matter_id)"
        " AND EXISTS (SELECT 1 FROM matter m WHERE m.id = other_id)",
    },
    "audit_event": {
        "select": "actor_id = (SELECT guard.actor()) OR (matter_id IS NOT NULL AND "
        + WORKED.format(column="audit_event.matter_id")
        + ")",
        "insert": "actor_id = (SELECT guard.actor()) AND op IN ('READ', 'EXPORT')",
    },
    "audit_personal": {
        "select": "EXISTS (SELECT 1 FROM audit_event e WHERE e.id = event_id AND e.at = event_at)"
    },
    "export_record": {
        "select": "made_by = (SELECT guard.actor())",
        "insert": "made_by = (SELECT guard.actor())",
    },
    "idempotent_answer": {
        "select": "account_id = (SELECT guard.actor())",
        "insert": "account_id = (SELECT guard.actor())",
        "update": "account_id = (SELECT guard.actor())",
        "delete": "account_id = (SELECT guard.actor())",
    },
}

# Closed to the application: only guard functions and the owner touch them.
CLOSED = ["credential", "password_link", "session", "sign_in_attempt", "number_series"]
# Readable by everybody signed in or not: says what this database is, nothing about matters.
OPEN = ["installation"]

# Table → (matter's column, personal columns, columns that never enter an event).
RECORDED: dict[str, tuple[str, str, str]] = {
    "unit": ("", "", ""),
    "campaign": ("", "", ""),
    "installation": ("", "", ""),
    "person": ("", "name,position", "id_number,id_index"),
    "organisation": ("", "name", ""),
    "account": ("", "name,login", ""),
    "role_held": ("", "", ""),
    "matter": ("id", "title,responsible_leader", ""),
    "petition": ("id", "content,summary,place,forwarded_to", ""),
    "lead": ("id", "what,place,remark,handled_by,happened", ""),
    "case": ("id", "brief", ""),
    "fund_item": ("id", "description", ""),
    "team_member": ("matter_id", "", ""),
    "transition": ("matter_id", "form,reason,signer_name", ""),
    "clock": ("matter_id", "", ""),
    "matter_link": ("from_id", "", ""),
    "note": ("matter_id", "text", ""),
    "correction": ("matter_id", "old,new,reason", ""),
    "request": ("matter_id", "form,reason", ""),
    "signature": ("matter_id", "reason,signer_name", ""),
    "committee_decision": ("matter_id", "chair,present,recused,minutes", ""),
    "involvement": ("matter_id", "position,alleged", ""),
    "outcome": ("matter_id", "", ""),
    "statement": ("matter_id", "said,answer", ""),
    "task": ("matter_id", "how", ""),
    "claimed_amount": ("matter_id", "", ""),
    "finding": ("lead_id", "what", ""),
    "journal_entry": ("matter_id", "description", ""),
    "posting": ("", "", ""),
    "money_receipt": ("", "paid_in_by,bank_reference", ""),
    "money_return": ("matter_id", "beneficiary,address", ""),
    "payee": ("fund_item_id", "name", ""),
    "bank_line": ("", "summary,counterparty", ""),
    "import_batch": ("", "file_name,report,mapping", "uploaded"),
    "doubt": ("matter_id", "values,explanation", ""),
    "possible_repeat": ("matter_id", "why", ""),
    "export_record": ("", "reason", ""),
    "blind_count": ("", "", ""),
}

# Where a table has no `id`, its key is named so; the trigger's row id is then null.
