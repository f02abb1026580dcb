"""Who visits which page: one visit at least for each address that answers with a page.

A page that is added needs a line here; `tests/architecture/test_routes.py` misses it otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.windows import Window

# Addresses of the pages that answer with something else.
NO_PAGES = {
    "/": "leads to the desk",
    "/leaving": "leads to what somebody holds",
    "/sign/emergencies/{emergency_id}/read": "leads to where it is read from",
    "/log/import/{batch_id}/rejects": "a workbook",
    "/help/files/{name:path}": "a picture",
    "/matters/{matter_id}/papers/{paper_id}/frame": "stands in a frame of its page",
    "/matters/{matter_id}/papers/{paper_id}/picture": "a picture",
    "/matters/{matter_id}/papers/{paper_id}/content": "a paper",
    "/matters/{matter_id}/releases/{release_id}/papers/{paper_id}": "a paper",
    "/healthz": "for programs",
    "/readyz": "for programs",
    "/metrics": "for programs",
}


@dataclass(frozen=True)
class Visit:
    """`address` names what stands in the district in braces; `who` is a person of the world.

    `then` is what the visitor does there: the page that it leads to is looked at.
    """

    name: str
    who: str
    route: str
    address: str = ""
    then: Callable[[Window], None] | None = None
    status: int = 200

    def path(self, ids: dict[str, str]) -> str:
        return (self.address or self.route).format(**ids)


def _nothing_typed(window: Window) -> None:
    """Sends the page's form as it stands."""
    window.send(window.page.locator("main form").last)


def _first_form(window: Window) -> None:
    window.send(window.page.locator("main form").first)


def _keep_a_view(window: Window) -> None:
    """Unless it was kept by whoever came before."""
    if window.page.locator(".views summary").count():
        window.page.locator(".views summary").click()
        window.page.locator("#view-name").fill("未结线索")
        window.send(window.page.locator(".views form"))


def _keep_a_draft(window: Window) -> None:
    """Begins to log a lead, keeps it, and looks at the list."""
    window.page.goto(window.page.url.replace("/drafts", "/log"))
    window.page.locator("[name=what]").fill("虚报造林面积，套取补助。")
    with window.page.expect_event("domcontentloaded"):
        window.page.locator("[formaction='/drafts']").click()
    window.page.goto(window.page.url.partition("/log")[0] + "/drafts")


def _come_back_to_what_was_sent(window: Window) -> None:
    """Keeps a view, anew where somebody did before, and looks at what was sent."""
    page = window.page
    if not page.locator("#view-name").count():
        window.send(page.locator(".views form").last)
        page.goto(page.url.partition("/leads")[0] + "/leads?unit=YC-T01")
    page.locator(".views summary").click()
    page.locator("#view-name").fill("上岩洲镇线索")
    form = page.locator(".views form")
    key = form.locator("[name=form_key]").get_attribute("value")
    window.send(form)
    page.goto(page.url.partition("/leads")[0] + f"/sent/{key}")


MATTER = "/matters/{matter_id}"
STEP = MATTER + "/act/{event}"
PAPER = MATTER + "/papers/{paper_id}"
SIGNED_ON_PAPER = MATTER + "/paper-signatures/{signature_id}"

DOOR = (
    Visit("sign-in", "", "/sign-in"),
    Visit("password-link", "", "/password/{token}", "/password/{link}"),
    Visit("first-start", "", "/first-start/{token}", "/first-start/used", status=404),
    Visit("problem", "", "/problems/{code}", "/problems/denied"),
    Visit("help", "investigator", "/help"),
    Visit("help-topic", "", "/help/{topic}", "/help/investigator"),
    Visit("glossary", "investigator", "/glossary"),
    Visit("glossary-at-the-door", "", "/glossary"),
    Visit("not-found", "investigator", "/problems/{code}", "/matters/{unit}", status=404),
    Visit("forbidden", "investigator", "/problems/{code}", "/admin", status=403),
    Visit("me", "investigator", "/me"),
    Visit("sessions", "investigator", "/me/sessions"),
    Visit("again", "chief", "/me/again", "/me/again?back=/figures"),
    Visit("keys", "investigator", "/me/keys"),
    Visit("keys-refused", "investigator", "/me/keys", then=_nothing_typed),
    Visit("webhooks", "deputy", "/me/webhooks"),
    Visit("webhooks-refused", "investigator", "/me/webhooks", then=_nothing_typed),
    Visit("webhook", "deputy", "/me/webhooks/{webhook_id}", "/me/webhooks/{webhook}"),
    Visit("sign-in-code", "", "/sign-in/code"),
    Visit("second-factor", "investigator", "/me/second-factor"),
    Visit("passkeys", "secretary", "/me/second-factor"),
    Visit("second-factor-begun", "inspector", "/me/second-factor", then=_nothing_typed),
    Visit("standing-in", "deputy", "/me/standing-in"),
)
DESKS = tuple(
    Visit(f"desk-{who.replace('_', '-')}", who, "/desk")
    for who in (
        "investigator", "deputy", "lead_manager", "intake_officer", "auditor", "finance",
        "administrator",
    )
)  # fmt: skip
LOGGING = (
    Visit("log-lead", "investigator", "/log"),
    Visit("log-lead-refused", "investigator", "/log", then=_nothing_typed),
    Visit("log-petition", "intake_officer", "/log/petition"),
    Visit("import", "lead_manager", "/log/import"),
    Visit("import-preview", "lead_manager", "/log/import/{batch_id}", "/log/import/{batch}"),
    Visit("import-done", "lead_manager", "/log/import/{batch_id}", "/log/import/{taken}"),
    Visit("import-rows", "lead_manager", "/log/import/{batch_id}/rows", "/log/import/{batch}/rows"),
    Visit("doubts", "lead_manager", "/log/doubts"),
    Visit("doubt", "lead_manager", "/log/doubts/{doubt_id}", "/log/doubts/{doubt}"),
)
LEDGERS = (
    Visit("petitions", "petitions_head", "/petitions"),
    Visit("leads", "deputy", "/leads"),
    Visit("leads-filtered", "deputy", "/leads", "/leads?due=overdue&unit=YC-T01&open=open"),
    Visit(
        "leads-refused",
        "deputy",
        "/leads",
        "/leads?state=nonsense&source=nowhere&unit=YC-T01&due=later",
        status=422,
    ),
    Visit("ledger-print", "deputy", "/ledgers/{kind}/print", "/ledgers/lead/print?due=overdue"),
    Visit("cases", "chief", "/cases"),
    Visit("funds", "finance", "/funds"),
    Visit("drafts-none", "deputy", "/drafts"),
    Visit("drafts", "other_investigator", "/drafts", then=_keep_a_draft),
    Visit(
        "sent",
        "other_investigator",
        "/sent/{form_key}",
        "/leads?unit=YC-T01",
        then=_come_back_to_what_was_sent,
    ),
    Visit("assign", "lead_manager", "/leads/assign", "/leads/assign?step=assign"),
    Visit(
        "assign-refused",
        "lead_manager",
        "/leads/assign",
        "/leads/assign?step=assign",
        then=_nothing_typed,
    ),
    Visit(
        "assign-petitions",
        "intake_officer",
        "/petitions/assign",
        "/petitions/assign?step=hand_over",
    ),
    Visit("assigned", "lead_manager", "/assignments/{assignment_id}", "/assignments/{assignment}"),
    Visit("watched", "chief", "/watched"),
    Visit("desk-watching", "chief", "/desk"),
    Visit("watched-nothing", "keeper", "/watched"),
    Visit("leads-view", "deputy", "/leads", "/leads?open=open", then=_keep_a_view),
    Visit("search", "deputy", "/search", "/search?q=2018"),
    Visit("search-nothing", "deputy", "/search", "/search?q=没有这样的事"),
)
MEET = "/sign/meetings/{meeting_id}"
MEETINGS = (
    Visit("meetings", "lead_manager", "/sign/meetings"),
    Visit("meeting-new", "lead_manager", "/sign/meetings/new"),
    Visit("meeting-new-refused", "lead_manager", "/sign/meetings/new", then=_nothing_typed),
    Visit("meeting-drafted", "lead_manager", MEET, "/sign/meetings/{meeting}"),
    Visit("meeting-change", "lead_manager", MEET + "/change", "/sign/meetings/{meeting}/change"),
    Visit("meeting-agenda", "lead_manager", MEET + "/agenda", "/sign/meetings/{meeting}/agenda"),
    Visit(
        "meeting-decide", "lead_manager", MEET + "/items/{item_id}",
        "/sign/meetings/{meeting}/items/{meeting_item}",
    ),
    Visit(
        "meeting-pull", "lead_manager", MEET + "/items/{item_id}/pull",
        "/sign/meetings/{meeting}/items/{meeting_item}/pull",
    ),
    Visit("meeting-call-off", "lead_manager", MEET + "/call-off",
          "/sign/meetings/{meeting}/call-off"),
    Visit("meeting-recorded", "deputy", MEET, "/sign/meetings/{recorded_meeting}"),
    Visit("meeting-sign", "deputy", MEET + "/sign", "/sign/meetings/{recorded_meeting}/sign"),
    Visit("meeting-signed", "lead_manager", MEET, "/sign/meetings/{signed_meeting}"),
    Visit("meeting-print", "lead_manager", MEET + "/print",
          "/sign/meetings/{signed_meeting}/print"),
    Visit("matter-on-agenda", "chief", MATTER, "/matters/{on_agenda}"),
)  # fmt: skip
MATTERS = (
    Visit("matter-lead", "investigator", MATTER, "/matters/{lead}"),
    Visit("matter-lead-repeated", "lead_manager", MATTER, "/matters/{repeated}"),
    Visit("matter-lead-to-sign", "deputy", MATTER, "/matters/{asked}"),
    Visit("matter-lead-told", "investigator", MATTER, "/matters/{told}"),
    Visit("matter-case", "investigator", MATTER, "/matters/{case}"),
    Visit("matter-petition", "intake_officer", MATTER, "/matters/{petition}"),
    Visit("matter-fund-item", "finance", MATTER, "/matters/{paying}"),
    Visit("matter-print", "investigator", MATTER + "/print", "/matters/{lead}/print"),
    Visit("matter-read-only", "auditor", MATTER, "/matters/{lead}"),
    Visit("access", "investigator", MATTER + "/access", "/matters/{lead}/access"),
    Visit("keep-off", "investigator", MATTER + "/keep-off", "/matters/{lead}/keep-off"),
    Visit(
        "link-decide", "lead_manager", MATTER + "/links/{account_id}/{linked_id}",
        "/matters/{guarded}/links/{accused}/{report}",
    ),
    Visit("namesake-asked", "lead_manager", MATTER, "/matters/{named}"),
    Visit(
        "namesake", "lead_manager", MATTER + "/namesakes/{involvement_id}/{account_id}",
        "/matters/{named}/namesakes/{involved}/{namesake}",
    ),
    Visit(
        "wall-lift", "department_head", MATTER + "/walls/{account_id}",
        "/matters/{guarded}/walls/{walled}",
    ),
    Visit("petition-sealed", "petitions_head", MATTER, "/matters/{handled}"),
    Visit("reporter-tell", "intake_officer", MATTER + "/tell", "/matters/{handled}/tell"),
    Visit("release-ask", "lead_manager", MATTER + "/release", "/matters/{handled}/release"),
    Visit(
        "release-decide", "petitions_head", MATTER + "/releases/{release_id}",
        "/matters/{handled}/releases/{release}",
    ),
    Visit("releases", "petitions_head", "/sign/releases"),
    Visit("hand-overs", "lead_manager", "/hand-overs"),
    Visit("leaving", "lead_manager", "/leaving/{account_id}", "/leaving/{handler}"),
    Visit(
        "leaving-refused", "lead_manager", "/leaving/{account_id}", "/leaving/{handler}",
        then=_nothing_typed,
    ),
    Visit("leaving-account", "administrator", "/leaving/{account_id}", "/leaving/{handler}"),
    Visit("hand-overs-refused", "lead_manager", "/hand-overs", then=_nothing_typed),
    Visit("emergencies", "inspector", "/sign/emergencies", "/sign/emergencies"),
    Visit("emergency-read", "inspector", "/sign/emergencies", then=_first_form),
    Visit("emergencies-to-review", "lead_manager", "/sign/emergencies", "/sign/emergencies"),
    Visit(
        "emergency-review", "lead_manager", MATTER + "/emergencies/{emergency_id}/review",
        "/matters/{urgent}/emergencies/{emergency}/review",
    ),
    *MEETINGS,
    Visit("step", "investigator", STEP, "/matters/{lead}/act/report_verification"),
    Visit(
        "step-refused", "investigator", STEP, "/matters/{lead}/act/report_verification",
        then=_nothing_typed,
    ),
    Visit("step-lacking", "investigator", STEP, "/matters/{case}/act/report"),
    Visit("hand-over", "department_head", MATTER + "/hand-over", "/matters/{lead}/hand-over"),
    Visit(
        "correct", "investigator", MATTER + "/corrections/new",
        "/matters/{lead}/corrections/new?field=place",
    ),
    Visit(
        "correct-choose", "investigator", MATTER + "/corrections/new",
        "/matters/{lead}/corrections/new",
    ),
    Visit(
        "correct-signed", "investigator", MATTER + "/corrections/new",
        "/matters/{lead}/corrections/new?field=title",
    ),
    Visit(
        "versions", "investigator", MATTER + "/fields/{field}",
        "/matters/{corrected}/fields/title",
    ),
    Visit("sign-correction", "department_head", "/requests/{request_id}", "/requests/{correction}"),
    Visit("sign-corrected", "deputy", "/requests/{request_id}", "/requests/{since}"),
    Visit("summary", "intake_officer", MATTER + "/summary", "/matters/{petition}/summary"),
    Visit("note", "investigator", MATTER + "/notes/new", "/matters/{lead}/notes/new"),
    Visit("person-add", "investigator", MATTER + "/people/new", "/matters/{lead}/people/new"),
    Visit(
        "person-register", "investigator", MATTER + "/people/register",
        "/matters/{case}/people/register",
    ),
    Visit(
        "statement", "investigator", MATTER + "/statements/new", "/matters/{case}/statements/new"
    ),
    Visit(
        "statement-answer", "investigator", MATTER + "/statements/{statement_id}/answer",
        "/matters/{case}/statements/{statement}/answer",
    ),
    Visit("task", "investigator", MATTER + "/tasks/{task_id}", "/matters/{told}/tasks/{task}"),
    Visit("paper-new", "investigator", MATTER + "/papers", "/matters/{lead}/papers"),
    Visit("paper-new-original", "intake_officer", MATTER + "/papers", "/matters/{handled}/papers"),
    Visit(
        "paper-new-refused", "investigator", MATTER + "/papers", "/matters/{lead}/papers",
        then=_nothing_typed,
    ),
    Visit("paper", "investigator", PAPER, "/matters/{lead}/papers/{paper}?page=2"),
    Visit("paper-marked", "other_investigator", PAPER, "/matters/{lead}/papers/{marked_paper}"),
    Visit("paper-withdrawn", "investigator", PAPER, "/matters/{lead}/papers/{mistaken_paper}"),
    Visit(
        "paper-mark", "investigator", PAPER + "/mistake", "/matters/{lead}/papers/{paper}/mistake"
    ),
    Visit("item-new", "investigator", MATTER + "/items/new", "/matters/{case}/items/new"),
)  # fmt: skip
SIGNING = (
    Visit("sign", "deputy", "/sign"),
    Visit("request-print", "deputy", "/requests/{request_id}/print", "/requests/{request}/print"),
    Visit("sign-nothing", "secretary", "/sign"),
    Visit("signed", "chief", "/sign/signed"),
    Visit("request", "deputy", "/requests/{request_id}", "/requests/{request}"),
    Visit(
        "paper-signature-new",
        "department_head",
        MATTER + "/paper-signatures",
        "/matters/{unentered}/paper-signatures",
    ),
    Visit(
        "paper-signature-new-refused",
        "department_head",
        MATTER + "/paper-signatures",
        "/matters/{unentered}/paper-signatures",
        then=_nothing_typed,
    ),
    *(
        Visit(
            f"paper-signature-{shown}",
            who,
            SIGNED_ON_PAPER,
            f"/matters/{{{name}_matter}}/paper-signatures/{{{name}}}",
        )
        for shown, who, name in (
            ("compare", "lead_manager", "entered"),
            ("entered", "department_head", "entered"),
            ("mine", "chief", "untold"),
            ("decide", "deputy", "objected"),
        )
    ),
    Visit(
        "request-on-paper",
        "department_head",
        "/requests/{request_id}",
        "/requests/{untold_request}",
    ),
    Visit("request-own", "lead_manager", "/requests/{request_id}", "/requests/{request}"),
)
MONEY = (
    Visit("money", "finance", "/money"),
    Visit("money-receipt", "investigator", "/money/{item_id}/receipt", "/money/{item}/receipt"),
    Visit("money-payees", "finance", "/money/{item_id}/payees", "/money/{decided}/payees"),
    Visit(
        "payees-print", "finance", "/money/{item_id}/payees/print", "/money/{decided}/payees/print"
    ),
    Visit(
        "receipt-print",
        "finance",
        "/money/entries/{entry_id}/print",
        "/money/entries/{entry}/print",
    ),
    Visit("money-return", "finance", "/money/{item_id}/return", "/money/{paying}/return"),
    Visit(
        "money-sheet", "finance", "/money/entries/{entry_id}/sheet", "/money/entries/{entry}/sheet"
    ),
    Visit("movement", "keeper", "/money/entries/{entry_id}", "/money/entries/{unsigned}"),
    Visit(
        "movement-reverse",
        "keeper",
        "/money/entries/{entry_id}/reversal",
        "/money/entries/{unsigned}/reversal",
    ),
    Visit(
        "movement-sign",
        "finance",
        "/money/entries/{entry_id}/signature",
        "/money/entries/{unsigned}/signature",
    ),
    Visit("money-remit", "finance", "/money/{item_id}/remittance", "/money/{paying}/remittance"),
    Visit("money-unsigned", "finance", "/money/unsigned"),
    Visit("bank-lines", "finance", "/money/bank"),
    Visit(
        "bank-line-assign",
        "finance",
        "/money/bank/{line_id}/assignment",
        "/money/bank/{line}/assignment",
    ),
)
FIGURES = (
    Visit("figures", "auditor", "/figures"),
    Visit("figures-of-nothing", "auditor", "/figures", "/figures?until=2001-01-01"),
    Visit(
        "figures-refused",
        "auditor",
        "/figures",
        "/figures?as_of=2099-01-01&until=2018-13-01&source=nowhere&unit=YC-T02",
        status=422,
    ),
    Visit("figures-behind", "auditor", "/figures/{key}", "/figures/leads"),
)
PEOPLE = (
    Visit("units", "investigator", "/units"),
    Visit("unit", "investigator", "/units/{unit_id}", "/units/{unit}"),
    Visit("unit-new", "administrator", "/units/new"),
    Visit("people", "investigator", "/people"),
    Visit("person", "investigator", "/people/{person_id}", "/people/{person}"),
    Visit("person-closed", "deputy", "/people/{person_id}", "/people/{person}", status=403),
    Visit("openings", "chief", "/openings"),
    Visit("person-change", "investigator", "/people/{person_id}/change", "/people/{person}/change"),
    Visit("accounts", "administrator", "/admin"),
    Visit("webhooks-all", "administrator", "/admin/webhooks"),
    Visit("factor-rules", "administrator", "/admin/second-factor"),
    Visit("account", "administrator", "/admin/accounts/{account_id}", "/admin/accounts/{account}"),
    Visit("account-new", "administrator", "/admin/accounts/new"),
)
VISITS: tuple[Visit, ...] = (
    *DOOR, *DESKS, *LOGGING, *LEDGERS, *MATTERS, *SIGNING, *MONEY, *FIGURES, *PEOPLE
)  # fmt: skip
