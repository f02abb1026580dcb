"""Figures: each by its definition, each with its unit, each opening to what stands behind it."""

import re
from datetime import date, timedelta

import psycopg
import pytest
from psycopg.rows import DictRow

from app.services import corrections
from app.services.corrections import Said
from tests import build_matters
from tests.build_history import Past
from tests.build_totals import build_district, d
from tests.builders import Someone, World
from tests.clients import Doors
from tests.pages.served import Served, served

DAY = date(2018, 9, 30)
Owner = psycopg.Connection[DictRow]


@pytest.fixture
def district(world: World, owner: Owner) -> Past:
    world.clock.set(DAY)
    return build_district(Past(world, owner))


def page(doors: Doors, who: Someone, address: str = "/figures", language: str = "en") -> Served:
    return served(doors.browser(who, language=language).get(address))


def test_every_figure_stands_with_its_unit_and_over_which_day(district: Past, doors: Doors) -> None:
    found = page(doors, district.world.auditor, language="zh-CN").words
    assert "截至2018年9月30日" in found
    for figure in (
        "受理问题线索5条", "已处置4条", "组织处理5人次", "受党纪、政务处分2人", "未处置1条",
        "未销号3条", "1,500.10元", "900.00元", "600.10元",
    ):  # fmt: skip
        assert figure in found.replace(" ", ""), figure


def test_breakdowns_name_stage_disposal_place_campaign_source_leader_and_month(
    district: Past, doors: Doors
) -> None:
    found = page(doors, district.world.auditor).words
    for words in (
        "Leads by stage", "What was decided on the leads?", "Where are the leads",
        "Figures by campaign", "Figures by source", "Figures by responsible leader",
        "How much of what came in is back", "危房改造", "戴鹏梅", "one-click report", "2018-03",
    ):  # fmt: skip
        assert words in found, words


def test_a_figure_opens_down_to_matters_and_to_each_receipt(district: Past, doors: Doors) -> None:
    world = district.world
    whole = page(doors, world.chief)
    money = page(doors, world.chief, whole.link("1,500.10"))
    assert "Recovered" in money.words
    assert "1,000.10" in money.words
    entries = page(doors, world.chief, money.link("By movement"))
    assert "collected" in entries.words
    returned = page(doors, world.chief, whole.link("900.00"))
    signed = page(doors, world.chief, returned.link("By movement"))
    assert "赵小妹" in signed.words
    assert "by signature" in signed.words
    leads = page(doors, world.chief, whole.link("5"))
    assert "Total 5 leads" in leads.words
    assert "alleged until a decision" in leads.words


@pytest.mark.parametrize(
    ("asks", "shows"),
    [
        ("leads?stage=assess", "Assess Total 1 lead"),
        ("leads?method=hold", "hold Total 1 lead"),
        ("outstanding?", "Total 1 lead"),
        ("leads?unit=YC-T02", "松山乡 Total 1 lead"),
        ("recovered_yuan?since=2018-03-01&until=2018-03-31&entries", "Total 500.00"),
        ("returned_yuan?since=2018-04-01&until=2018-04-30&entries", "Total 900.00"),
        ("recovered_yuan?unit=YC-T02&entries", "Total 500.00"),
    ],
)
def test_a_row_of_a_chart_opens_to_what_it_counts(
    district: Past, doors: Doors, asks: str, shows: str
) -> None:
    """Whatever stands between the definition and the sum is the head of the list."""
    chief = district.world.chief
    key, _, narrowed = asks.partition("?")
    address = f"/figures/{key}?as_of=2018-09-30" + (f"&{narrowed}" if narrowed else "")
    whole = page(doors, chief)
    assert f'href="{address.replace("&", "&amp;")}"' in whole.html
    opened = page(doors, chief, address).words
    definition, _, total = shows.rpartition("Total ")
    assert f"Total {total}" in opened
    assert definition.strip() in opened


def test_stages_stand_in_the_order_of_the_work(district: Past, doors: Doors) -> None:
    district.lead(received_on=d(6, 1), source="sweep", steps=[("verifying", d(6, 2))])
    district.lead(received_on=d(6, 1), source="sweep", steps=[("notifying", d(6, 2))])
    found = page(doors, district.world.auditor, language="zh-CN").words
    table = found[found.index("问题线索按阶段统计") :]
    at = [table.index(f" {stage} ") for stage in ("共享", "研判", "查办", "复核", "已结束")]
    assert at == sorted(at)


def test_the_chart_of_money_begins_where_money_begins(district: Past, doors: Doors) -> None:
    """Leads came in from January on, money from February."""
    found = page(doors, district.world.auditor).words
    table = found[found.index("In custody at its end") :]
    assert table.split()[5] == "2018-02"


def test_no_place_opens_to_more_than_its_row_counts(district: Past, doors: Doors) -> None:
    whole = page(doors, district.world.chief)
    assert "云川区 1 1 0.00" in whole.words
    itself = set(re.findall(r'unit=YC(?:&amp;[^"]*)?"', whole.html))
    assert itself == {'unit=YC&amp;alone=true"'}
    opened = page(doors, district.world.chief, "/figures/leads?unit=YC&alone=true").words
    assert "itself, without what lies below it" in opened
    assert "Total 1 lead" in opened


def test_large_sums_are_read_in_ten_thousands_with_the_exact_yuan_beside(
    district: Past, doors: Doors
) -> None:
    """On the figures page, on the auditor's desk and among the money: never rounded alone."""
    lead = district.lead(received_on=d(6, 1), source="sweep")
    district.receipt(lead, district.item(lead), "63229123.45", d(6, 2))
    for address in ("/figures", "/desk", "/money"):
        found = page(doors, district.world.auditor, address, "zh-CN").words.replace(" ", "")
        assert "收到6,323.06万元63,230,623.55元" in found, address
        assert "6,323.062355" not in found
        assert "63,230,623.55yuan" in page(doors, district.world.auditor, address).words.replace(
            " ", ""
        )


QUESTIONS = (
    "In which stage do the leads stand?", "What was decided on the leads?",
    "What became of the leads from each source?", "In which months were the leads received?",
    "How much of what came in is back with villagers?", "How many leads does each place have?",
    "Where are the leads that are not yet disposed of?",
    "How many leads does each campaign have?", "Where do the leads come from?",
)  # fmt: skip


def test_each_chart_answers_the_question_that_is_its_title_and_has_its_table(
    district: Past, doors: Doors
) -> None:
    found = page(doors, district.world.chief)
    for question in QUESTIONS:
        assert f"<h2>{question}</h2>" in found.html
        assert f">{question}</title>" in found.html
        assert f'aria-label="Chart: {question}"' in found.html
        assert f'aria-label="Table: {question}"' in found.html
    # Wide, and narrow for a phone.
    named = re.findall(r'role="img" aria-labelledby="(\S+-t) (\S+-d)"', found.html)
    assert len(named) == 2 * len(QUESTIONS) == 2 * len(set(named))
    for title, description in named:
        assert found.html.count(f'<title id="{title}">') == 1
        assert found.html.count(f'<desc id="{description}">') == 1
    assert found.html.count("The table has the same figures.</desc>") == len(QUESTIONS)
    chinese = page(doors, district.world.chief, language="zh-CN")
    assert "各来源的线索，处置结果如何？" in chinese.words
    assert not [question for question in QUESTIONS if question in chinese.html]


def test_every_mark_opens_where_its_table_does_and_the_address_answers(
    district: Past, doors: Doors
) -> None:
    """Whoever can't point has the same addresses below."""
    found = page(doors, district.world.chief)
    marks = set(re.findall(r'<a href="([^"]+)" tabindex="-1">', found.html))
    tables = set(re.findall(r'<a href="([^"]+)">', found.html))
    assert len(marks) > 20
    assert marks <= tables
    for href in marks:
        served(doors.browser(district.world.chief).get(href.replace("&amp;", "&")))


def test_a_stream_opens_to_the_leads_that_it_counts(district: Past, doors: Doors) -> None:
    chief = district.world.chief
    address = "/figures/leads?as_of=2018-09-30&source=petition&method=hold"
    assert address.replace("&", "&amp;") in page(doors, chief).html
    assert "Total 1 lead" in page(doors, chief, address).words


def test_what_was_in_custody_at_the_end_of_a_month_opens_to_that_day(
    district: Past, doors: Doors
) -> None:
    chief = district.world.chief
    whole = page(doors, chief)
    march = page(doors, chief, "/figures/in_custody_yuan?as_of=2018-03-31")
    assert "1,500.10" in march.words
    assert 'href="/figures/in_custody_yuan?as_of=2018-03-31"' in whole.html


def test_where_nothing_is_counted_each_chart_says_so(world: World, doors: Doors) -> None:
    world.clock.set(DAY)
    found = page(doors, world.chief)
    assert found.words.count("Nothing is counted here.") == len(QUESTIONS)
    assert "<svg" not in found.html.partition("<main")[2].partition("</main>")[0]


def test_charts_count_what_their_reader_may_open(district: Past, doors: Doors) -> None:
    world = district.world
    district.lead(received_on=d(6, 1), source="sweep", classification=2)
    mark = "not yet disposed of {}</title>"
    assert mark.format(2) in page(doors, world.chief).html
    assert mark.format(1) in page(doors, world.auditor).html
    assert mark.format(2) not in page(doors, world.auditor).html


def test_what_was_drawn_is_shown_to_its_reader_alone_and_while_it_is_true(
    district: Past, doors: Doors
) -> None:
    world = district.world
    assert "Leads received 5" in page(doors, world.chief).words
    assert "Leads received 5" in page(doors, world.chief).words
    assert "受理问题线索" in page(doors, world.chief, language="zh-CN").words
    assert "/figures/leads?" not in page(doors, world.operator).html
    build_matters.log(world, world.investigator, day=DAY)
    assert "Leads received 6" in page(doors, world.chief).words


def test_an_operator_sees_charts_without_a_link(district: Past, doors: Doors) -> None:
    found = page(doors, district.world.operator)
    assert found.html.count('role="img"') == 2 * len(QUESTIONS)
    assert (
        'tabindex="-1"'
        not in found.html.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    )


def test_a_period_bounds_each_figure_by_its_own_day(district: Past, doors: Doors) -> None:
    auditor = district.world.auditor
    found = page(doors, auditor, "/figures?since=2018-03-01&until=2018-03-31")
    assert "since 1 March 2018 · until 31 March 2018" in found.words
    assert "Leads received 1 lead" in found.words
    assert found.link("500.00")


def test_an_auditor_opens_the_same_without_names(district: Past, doors: Doors) -> None:
    world = district.world
    sealed = district.lead(received_on=d(6, 1), source="sweep", classification=2)
    whole = page(doors, world.auditor)
    leads = page(doors, world.auditor, whole.link("5"))  # the sealed one isn't counted either
    assert sealed.number not in leads.words
    assert "not yours to open" not in leads.words
    returned = page(doors, world.auditor, whole.link("900.00"))
    signed = page(doors, world.auditor, returned.link("By movement"))
    assert "赵××" in signed.words
    assert "赵小妹" not in signed.html


def test_an_operator_reads_figures_and_opens_none(district: Past, doors: Doors) -> None:
    world = district.world
    found = page(doors, world.operator)
    assert "1,500.10" in found.words
    assert not [href for href in found.links.values() if href.startswith("/figures/")]
    served(doors.browser(world.operator).get("/figures/leads"), 403)


def test_filters_stay_with_what_is_opened_and_exported(district: Past, doors: Doors) -> None:
    world = district.world
    typed = {"unit": "YC-T02", "source": "one_click", "as_of": "2018-09-29"}
    sent = page(doors, world.auditor).form("/figures").values({**typed})
    found = served(doors.browser(world.auditor).get("/figures", params=sent))
    assert "As of 29 September 2018 · 松山乡 · one-click report" in found.words
    for href in (found.link("CSV"), found.link("500.00")):
        assert "unit=YC-T02" in href
        assert "source=one_click" in href
        assert "as_of=2018-09-29" in href
    exported = doors.browser(world.auditor).get(found.link("CSV"))
    assert exported.status_code == 200
    assert "500.00" in exported.text


def test_a_row_of_a_breakdown_narrows_the_page_to_itself(district: Past, doors: Doors) -> None:
    world = district.world
    whole = page(doors, world.auditor)
    housing = page(doors, world.auditor, whole.link("危房改造"))
    assert "· 危房改造" in housing.words
    assert "Leads received 2 leads" in housing.words
    leader = page(doors, world.auditor, whole.link("戴鹏梅"))
    assert "Leads received 1 lead" in leader.words


def test_a_figure_of_the_past_is_shown_as_it_was_known(district: Past, doors: Doors) -> None:
    world = district.world
    early = district.lead(received_on=d(6, 1), source="petition")
    district.owner.execute(
        "UPDATE matter SET recorded_at = recorded_at - interval '3 days' WHERE id = %s",
        (early.id,),
    )
    with world.open("matters.correct", world.lead_manager) as tx:
        corrections.correct(
            tx, early.id, Said(field="source", value="inspection", reason="录入有误")
        )
    world.clock.days.clear()
    yesterday = (world.clock.today() - timedelta(days=1)).isoformat()
    found = page(doors, world.auditor, f"/figures?known_on={yesterday}&source=petition")
    assert "as known on" in found.words
    assert "Leads received 1 lead" in found.words


def test_an_address_that_asks_for_nonsense_is_refused(district: Past, doors: Doors) -> None:
    browser = doors.browser(district.world.auditor)
    for query in (
        "as_of=30.9.2018",
        "as_of=2099-01-01",
        "as_of=0001-01-01",
        "as_of=20180930",
        "known_on=x",
        "known_on=2018-10-01",
        "since=2018-10-01",
        "until=2018-10-01",
        "since=2018-03-01&until=2018-02-01",
        "source=nowhere",
        "alone=true",
        "unit=NOWHERE",
        "campaign_id=x",
        "stage=x",
        "method=x",
        "outcome=registered",
        "leader=x",
    ):
        for address in ("/figures", "/figures/leads"):
            served(browser.get(f"{address}?{query}"), 422)
    served(browser.get("/figures/nothing_like_it"), 404)
    served(browser.get("/figures/villages"), 404)


@pytest.mark.parametrize("address", ["/figures", "/figures/leads"])
def test_what_is_refused_stands_beside_its_field_with_what_was_typed(
    district: Past, doors: Doors, address: str
) -> None:
    browser = doors.browser(district.world.auditor, language="en")
    query = "as_of=2099-01-01&until=2018-13-01&unit=YC-T02&stage=x"
    found = served(browser.get(f"{address}?{query}"), 422)
    form = found.form("/figures")
    assert form.fields["as_of"] == ["2099-01-01"]
    assert form.fields["until"] == ["2018-13-01"]
    assert form.fields["unit"] == ["YC-T02"]
    assert re.search(
        r'id="f-until"[^>]*aria-invalid="true" aria-describedby="f-until-e"', found.html
    )
    assert "Until: This has to be a day, such as 2018-03-05." in found.words
    assert "Stage: Choose one of those listed." in found.words
    assert found.link("Show all") == address
    several = f"{address}?unit=YC-X9&source=banana&stage=x&campaign_id=zzz&known_on=2099-01-01"
    together = served(browser.get(several), 422).words
    assert "5 things to mend" in together
    assert "Campaign: There is nothing of this id that you may see." in together
    refused = doors.api(district.world.auditor).get(
        "/api/v1/totals?unit=YC-X9&source=banana&known_on=2099-01-01"
    )
    assert {each["field"] for each in refused.json()["errors"]} == {"unit", "source", "known_on"}
    stage = doors.api(district.world.auditor, language="zh-CN").get("/api/v1/totals?stage=x")
    assert "ended" not in stage.text
    unknown = served(browser.get(f"{address}?source=nowhere&method=x&outcome=x&leader=x"), 422)
    for each in (
        "Source: Nothing states this source",
        "Disposal: No lead is disposed of in this way.",
        "Outcome: No lead comes to this.",
        "Responsible leader: Nothing states this leader.",
    ):
        assert each in unknown.words
    late = served(browser.get(f"{address}?as_of=2099-01-01&known_on=2099-01-01"), 422)
    assert late.words.count("This day has not come yet.") == 4
    mended = found.form("/figures").values({"as_of": "2018-09-30", "until": "2018-09-30"})
    served(browser.get("/figures", params=mended))
