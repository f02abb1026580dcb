"""The parts of a page, as a reader or a browser meets them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from app.domain.errors import Invalid, Reason
from app.domain.kinds import Stage
from app.domain.money import Money
from app.routers.parts import (
    Choice,
    Column,
    Decision,
    Due,
    Filled,
    Link,
    Missing,
    Node,
    NotYet,
    Signed,
    StageMark,
    Totals,
)
from app.routers.templating import RAIL, Frame, RailItem, environment

NINTH_OF_OCTOBER = date(2018, 10, 9)


def drawn(locale: str, macros: str, call: str, **values: object) -> str:
    source = f'{{% import "macros/{macros}.html" as m %}}{{{{ {call} }}}}'
    return environment(locale).from_string(source).render(**values)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).strip()


def reader(
    locale: str = "en",
    *,
    theme: str = "system",
    density: str = "standard",
    demo_day: date | None = None,
) -> Frame:
    return Frame(
        locale=locale,
        csrf="token",
        actor_name="Ye Xiaoyu",
        role_label="investigator",
        rail=(RailItem("desk"), RailItem("sign", 5)),
        theme=theme,
        density=density,
        demo_day=demo_day,
    )


def page(frame: Frame) -> str:
    template = environment(frame.locale).from_string(
        '{% extends "base.html" %}{% block title %}x{% endblock %}{% block main %}y{% endblock %}'
    )
    return template.render(frame=frame, here="/desk?a=1&b=2")


@pytest.mark.parametrize(
    ("due", "chinese", "english"),
    [
        (Due(NINTH_OF_OCTOBER, "soon", 4), "还剩4个工作日", "4 working days left"),
        (Due(NINTH_OF_OCTOBER, "urgent", 1), "还剩1个工作日", "1 working day left"),
        (Due(NINTH_OF_OCTOBER, "urgent", 0), "今天到期", "due today"),
        (Due(NINTH_OF_OCTOBER, "overdue", 6, "D"), "逾期6天", "overdue 6 days"),
        (Due(NINTH_OF_OCTOBER, "urgent", 2, "h"), "还剩2小时", "2 hours left"),
    ],
)
def test_lateness_has_a_word_and_a_number(due: Due, chinese: str, english: str) -> None:
    assert words(drawn("zh_CN", "marks", "m.due(due)", due=due)) == f"2018-10-09 {chinese}"
    assert words(drawn("en", "marks", "m.due(due)", due=due)) == f"2018-10-09 {english}"


def test_a_day_past_and_zero_left_is_not_called_due_today() -> None:
    said = words(drawn("en", "marks", "m.due(due)", due=Due(NINTH_OF_OCTOBER, "overdue", 0, "D")))
    assert said == "2018-10-09 overdue 0 days"


@pytest.mark.parametrize("place", range(4))
def test_a_stage_is_told_by_position_name_and_glyph_before_its_colour(place: int) -> None:
    stage = tuple(Stage)[place]
    mark = StageMark(stage, "verifying")
    html = drawn("en", "marks", "m.stage(mark)", mark=mark)
    assert f'class="here" d="M{place * 9} 3h7"' in html
    assert f">{'SAIR'[place]}<" in html
    assert f"Stage {('Share', 'Assess', 'Investigate', 'Review')[place]}: verifying" in words(html)
    assert "共研查复"[place] in drawn("zh_CN", "marks", "m.stage(mark)", mark=mark)


def test_the_stage_line_marks_one_step_as_the_present_one() -> None:
    html = drawn("en", "marks", "m.stage_line(mark)", mark=StageMark(Stage.ASSESS, "on hold"))
    assert html.count('aria-current="step"') == 1
    assert re.findall(r'class="s-(\w+) (\w+)"', html) == [
        ("share", "past"),
        ("assess", "here"),
        ("investigate", "next"),
        ("review", "next"),
    ]


def test_totals_stand_above_the_first_row_under_their_columns() -> None:
    columns = [Column("on", "Date"), Column("kind", "Kind"), Column("paid", "Paid", "amount")]
    rows = [{"on": date(2018, 9, 12), "kind": "surrender", "paid": Money.yuan("12000")}]
    totals = Totals("Total", cells={"paid": Money.yuan("12000.5")})
    call = 'm.table("Money", columns, rows, totals=totals)'
    html = drawn("en", "ledger", call, columns=columns, rows=rows, totals=totals)
    assert re.search(r'colspan="2">Total</th>\s*<td class="amount" data-l="Paid">12,000.50<', html)
    assert html.index("12,000.50") < html.index("12,000.00")


def test_a_list_without_rows_or_totals_is_still_a_table() -> None:
    html = drawn("en", "ledger", 'm.ledger("Leads", columns, [])', columns=[Column("n", "Number")])
    assert "<tbody>" in html


def test_chosen_filters_read_as_a_sentence_and_can_be_taken_away() -> None:
    chosen = [Link("松山乡", "/leads"), Link("已逾期", "/leads?unit=T02")]
    html = drawn("zh_CN", "ledger", 'm.sentence("问题线索", "7条", chosen)', chosen=chosen)
    assert words(html) == "松山乡 × 、 已逾期 × 的问题线索： 7条"
    assert 'aria-label="去掉条件：松山乡"' in html
    english = drawn("en", "ledger", 'm.sentence("leads", "7", c)', c=[Link("in Songshan", "/l")])
    assert words(english) == "Leads in Songshan × : 7"


def test_what_cannot_be_done_yet_says_every_missing_condition_and_where_to_mend_it() -> None:
    later = [
        NotYet(
            "Request a case filing",
            (Missing(Reason("{name} has not signed.", {"name": "<Wang>"}), Link("Ask", "/ask")),),
        )
    ]
    html = drawn("en", "matter", "m.acts([], later)", later=later)
    assert '&lt;Wang&gt; has not signed. <a href="/ask">Ask</a>' in html


def test_the_one_who_signs_now_stands_out_without_colour() -> None:
    chain = [Signed("Kong Min requested", "done"), Signed("Gao Jing reviews", "you")]
    html = drawn("en", "matter", "m.chain(chain)", chain=chain)
    assert "<strong>Gao Jing reviews</strong>" in html
    assert "<strong>Kong Min" not in html


def test_a_refused_form_keeps_what_was_typed_and_says_why_in_two_places() -> None:
    form = Filled.refused(
        {"received": "2018-10-28"}, Invalid.of("received", "Not after {day}", day="x")
    )
    field = drawn("en", "forms", 'm.date(form, "received", "Date received")', form=form)
    assert 'value="2018-10-28"' in field
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="received-h received-e"' in field
    summary = drawn("en", "forms", 'm.errors(form, {"received": "Date"})', form=form)
    assert '<a href="#received">Date: Not after x</a>' in summary


def test_nothing_is_preselected_and_what_may_follow_is_not_required() -> None:
    choices = [Choice("y", "Yes"), Choice("n", "No")]
    html = drawn(
        "en", "forms", 'm.radios(f, "p", "Member", c, optional=True)', f=Filled(), c=choices
    )
    assert "checked" not in html
    assert "required" not in html
    assert "(may follow)" in html


def test_a_password_is_never_written_back() -> None:
    form = Filled({"password": "secret"})
    assert "secret" not in drawn("en", "gate", "m.sign_in(frame, form)", form=form, frame=reader())


def test_sign_and_return_are_two_equal_forms_with_their_verbs() -> None:
    html = drawn(
        "en",
        "serious",
        "m.decide(frame, sign, back, version=3)",
        frame=reader(),
        sign=Decision("/sign", "Why", "Sign: verify lead YC2018-0541"),
        back=Decision("/return", "Why", "Return: lead YC2018-0541"),
    )
    assert html.count('class="button"') == 2
    assert html.count('name="csrf_token" value="token"') == 2
    assert html.count('name="version" value="3"') == 2
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_every_form_of_the_frame_carries_the_token() -> None:
    html = page(reader())
    assert html.count('method="post"') == html.count('name="csrf_token" value="token"') > 1
    assert 'name="back" value="/desk?a=1&amp;b=2"' in html


def test_a_page_says_its_language_theme_and_density() -> None:
    html = page(reader("zh_CN", theme="dark", density="roomy"))
    assert '<html lang="zh-CN" data-theme="dark" data-density="roomy">' in html
    assert '<button class="as-link" type="submit" name="locale" value="en" lang="en">' in html


def test_nobody_signed_in_sees_no_rail_and_no_search() -> None:
    html = page(Frame(locale="en", csrf="token"))
    assert 'class="rail"' not in html
    assert 'role="search"' not in html
    assert "Sign out" not in html


def test_the_day_of_a_demo_is_in_the_head_of_every_page() -> None:
    html = page(reader("zh_CN", demo_day=date(2018, 9, 28)))
    assert "演示日 2018年9月28日 星期五" in html


@pytest.mark.parametrize("key", RAIL)
def test_every_entry_of_the_rail_has_words_and_a_letter_of_its_own(key: str) -> None:
    html = page(Frame(locale="zh_CN", csrf="t", rail=(RailItem(key),), current=key))
    assert 'aria-current="page"' in html
    assert [entry.key for entry in RAIL.values()].count(RAIL[key].key) == 1


def test_a_tree_opens_without_a_script_and_links_stand_outside_its_openers() -> None:
    nodes = [Node(Link("云川区", "/units/1"), below=[Node(Link("松山乡", "/units/2"))], open=True)]
    html = drawn("zh_CN", "ledger", "m.tree(nodes)", nodes=nodes)
    assert "<details open><summary><span" in html
    assert not re.search(r"<summary>(?:(?!</summary>).)*<a ", html)
