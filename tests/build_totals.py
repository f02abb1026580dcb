"""A small district whose figures are known by hand."""

from datetime import date

from tests.build_history import Made, Past


def d(month: int, day: int) -> date:
    return date(2018, month, day)


def build_district(past: Past) -> Past:
    """Six leads, a case, petitions, sanctions, handlings, money in and out, doubts."""
    world = past.world
    housing, trees = past.campaign("危房改造"), past.campaign("林业两补")
    one = past.lead(
        received_on=d(1, 5), source="inspection", campaign_id=housing, method="verification",
        disposed_on=d(1, 20), filed_on=d(2, 10), responsible_leader="戴鹏梅",
        steps=[("assessing", d(1, 8)), ("verifying", d(1, 20)), ("filed", d(2, 10))],
    )  # fmt: skip
    past.case(one, filed_on=d(2, 10), closed_on=d(6, 1), campaign_id=housing, source="inspection")
    two = past.lead(
        received_on=d(2, 5), source="one_click", campaign_id=housing, method="verification",
        disposed_on=d(2, 20), filed_on=d(3, 10), unit=world.unit("YC-T02-V01"),
        steps=[("verifying", d(2, 20)), ("filed", d(3, 10))],
    )  # fmt: skip
    case = past.case(
        two, filed_on=d(3, 10), campaign_id=housing, source="one_click",
        unit=world.unit("YC-T02-V01"),
    )  # fmt: skip
    past.lead(
        received_on=d(3, 5), source="petition", campaign_id=trees, method="hold",
        disposed_on=d(3, 20), steps=[("held", d(3, 20))],
    )  # fmt: skip
    four = past.lead(
        received_on=d(4, 5), source="petition", campaign_id=trees, method="talk_letter",
        disposed_on=d(4, 20), steps=[("talk_letter", d(4, 20)), ("closed", d(5, 20))],
    )  # fmt: skip
    past.lead(received_on=d(5, 5), source="sweep", unit=world.district)
    past.lead(received_on=d(10, 5), source="sweep")  # after the day
    _decided(past, case, four)
    item, second = past.item(one), past.item(two)
    past.receipt(one, item, "1000.10", d(2, 1), intake="collected")
    past.receipt(two, second, "500.00", d(3, 1))
    past.repaid(one, item, "200.00", d(4, 1), "赵小妹")
    past.repaid(one, item, "300.00", d(4, 2), "钱大爷")
    past.repaid(two, second, "400.00", d(4, 3), "赵小妹")
    past.suspended("9.00", d(6, 1), balance="609.10")
    for rule, settled in (("received_before_lead", None), ("sanction_not_eligible", d(8, 1))):
        past.doubt(one, rule, settled_on=settled)
    return past


def _decided(past: Past, case: Made, lead: Made) -> None:
    """Petitions, and what was decided about people of whom two have one name."""
    past.petition(received_on=d(1, 3))
    past.petition(received_on=d(1, 4), channel="one_click")
    past.petition(received_on=d(1, 5), channel="one_click", backlog=False)

    zhang, li, other_zhang = past.person("张三"), past.person("李四"), past.person("张三")
    past.outcome(case, "party_sanction", d(5, 1), person=zhang, measure="party_warning")
    demerit = "administrative_demerit"
    past.outcome(case, "administrative_sanction", d(5, 1), person=zhang, measure=demerit)
    past.outcome(lead, "party_sanction", d(5, 20), person=other_zhang, measure="party_warning")
    past.outcome(lead, "handling", d(5, 20), person=li, measure="reminder_talk", quantity=2)
    past.outcome(lead, "handling", d(5, 21), quantity=3)
    past.outcome(lead, "exemption", d(5, 21), person=past.person("王五"))
