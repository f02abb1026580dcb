"""Figures: totals as of a day, each opening to what is behind it; charts with their tables."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from app.core import i18n
from app.domain.errors import N_, Invalid
from app.domain.name_order import by_strokes
from app.domain.permissions import Permission
from app.domain.profile import Profile
from app.domain.totals import Counted, Facet, Slice, Totals
from app.routers.deps import Caller, Page
from app.routers.pages import figure_charts, figure_flows, figure_places
from app.routers.pages.cohort import Behind, asked, bar, in_words
from app.routers.pages.figure_words import Words
from app.routers.pages.figures_refused import refused
from app.routers.pages.frame import frame_for
from app.routers.parts import Figure
from app.routers.templating import Frame, drawn_part, render
from app.services import profiles, totals

router = APIRouter()

Reader = Annotated[Caller, Page(Permission.TOTALS_READ)]


@router.get("/figures")
def figures(request: Request, caller: Reader) -> Response:
    try:
        return _figures(request, caller)
    except Invalid as invalid:
        return refused(request, caller, invalid)


def _figures(request: Request, caller: Caller) -> Response:
    with caller.work("figures") as tx:
        frame = frame_for(request, caller, tx, current="figures")
        wanted = asked(tx, request)
        found = totals.totals(tx, wanted.cohort)
        words = Words(caller.locale)
        filters = bar(tx, words, wanted.values())
        may_export = tx.actor.may(Permission.EXPORT_TOTALS)
        behind = Behind(wanted, open=totals.opens(tx))
        profile_id, profile = profiles.current(tx)
    question = (frame.actor_id, wanted, behind.open, profile_id, caller.locale, frame.zone)
    drawn = caller.office.drawn.find(question, found)
    if not isinstance(drawn, Markup):
        drawn = _drawn(frame, words, profile, found, behind)
        caller.office.drawn.keep(question, found, drawn)
    return render(
        request,
        "pages/figures.html",
        frame=frame,
        asked=wanted,
        bar=filters,
        counted=in_words(words, profile, wanted),
        found=drawn,
        doubtful=found.doubtful_rows,
        may_export=may_export,
        outside=found.outside,
    )


def _drawn(frame: Frame, words: Words, profile: Profile, found: Totals, behind: Behind) -> Markup:
    """What follows from what was counted: three quarters of the page's time."""
    return drawn_part(
        "parts/figures_found.html",
        frame=frame,
        leads=_leads(words, found, behind),
        unfinished=_unfinished(words, found, behind),
        money=_money(words, found, behind),
        charts=[
            figure_charts.stages(words, profile, found, behind),
            figure_charts.disposal(words, profile, found, behind),
            figure_flows.leads(words, profile, found.flows, behind),
            figure_charts.months(words, found, behind),
            figure_flows.money(words, found, behind),
            figure_places.units(words, found, behind),
            figure_places.grid(words, found, behind),
            _campaigns(words, found, behind),
            _sources(words, found, behind),
        ],
        leaders=figure_charts.breakdown_rows(words, _leaders(found), behind, "leader"),
        leader_columns=figure_charts.breakdown_columns(
            words, words(N_("Responsible leader")), petitions=True
        ),
    )


def _leaders(found: Totals) -> tuple[Slice, ...]:
    """As lists of leaders are: by strokes of the surname, and who isn't stated last."""
    return tuple(
        sorted(found.slices[Facet.LEADER], key=lambda each: (not each.key, by_strokes(each.label)))
    )


def _campaigns(words: Words, found: Totals, behind: Behind) -> figure_charts.Chart:
    return figure_charts.breakdown(
        words,
        words(N_("How many leads does each campaign have?")),
        (words(N_("Figures by campaign")), words(N_("Campaign"))),
        found.slices[Facet.CAMPAIGN],
        behind,
        "campaign_id",
    )


def _sources(words: Words, found: Totals, behind: Behind) -> figure_charts.Chart:
    return figure_charts.breakdown(
        words,
        words(N_("Where do the leads come from?")),
        (words(N_("Figures by source")), words(N_("Source"))),
        found.slices[Facet.SOURCE],
        behind,
        "source",
        words.source,
    )


def _leads(words: Words, found: Totals, behind: Behind) -> list[Figure]:
    counts, number = found.counts, i18n.count
    return [
        Figure(
            words(N_("Leads received")),
            number(counts.leads),
            words.unit(Counted.LEADS, counts.leads),
            behind("leads"),
            words.linked(
                N_("petitions beside them: {count}"),
                count=behind.whole("petitions", counts.petitions),
            ),
        ),
        Figure(
            words(N_("Disposed of")),
            number(counts.handled),
            words.unit(Counted.LEADS, counts.handled),
            behind("handled"),
            words.linked(N_("{count} of them on hold"), count=behind.whole("held", counts.held)),
        ),
        Figure(
            words(N_("Cases filed")),
            number(counts.filed),
            words(N_("cases")),
            behind("filed"),
            words(N_("counted by lead with a filing date")),
        ),
        *_people(words, found, behind),
        Figure(
            words(N_("From the inspection")),
            number(counts.inspection_leads),
            words.unit(Counted.LEADS, counts.inspection_leads),
            behind("inspection_leads"),
            "",
        ),
    ]


def _people(words: Words, found: Totals, behind: Behind) -> list[Figure]:
    """What was decided about people, and the reports that named them."""
    counts, number = found.counts, i18n.count
    both = (
        counts.party_sanctioned_persons
        + counts.administratively_sanctioned_persons
        - counts.sanctioned_persons
    )
    return [
        Figure(
            words(N_("Organisational handling")),
            number(counts.organisational_handlings),
            words.unit(Counted.PERSON_TIMES, counts.organisational_handlings),
            behind("organisational_handlings"),
            words(N_("somebody handled twice counts twice")),
        ),
        Figure(
            words(N_("Sanctioned")),
            number(counts.sanctioned_persons),
            words.unit(Counted.PEOPLE, counts.sanctioned_persons),
            behind("sanctioned_persons"),
            words.linked(
                N_("Party {party}, administrative {administrative}, both {both}"),
                party=behind.whole("party_sanctioned_persons", counts.party_sanctioned_persons),
                administrative=behind.whole(
                    "administratively_sanctioned_persons",
                    counts.administratively_sanctioned_persons,
                ),
                both=number(both),
            ),
        ),
        Figure(
            words(N_("One-click reports")),
            number(counts.one_click_reports),
            words.unit(Counted.TIMES, counts.one_click_reports),
            behind("one_click_reports"),
            words.linked(
                N_("held accountable: {count}"),
                count=behind.whole("accountable_persons", _accountable(found), source="one_click"),
            ),
        ),
    ]


def _accountable(found: Totals) -> int:
    """People held accountable out of one-click reports."""
    one_click = (each for each in found.slices[Facet.SOURCE] if each.key == "one_click")
    return sum(each.counts.accountable_persons for each in one_click)


def _unfinished(words: Words, found: Totals, behind: Behind) -> list[Figure]:
    counts = found.counts
    return [
        Figure(
            words(N_("Not yet disposed of")),
            i18n.count(counts.outstanding),
            words.unit(Counted.LEADS, counts.outstanding),
            behind("outstanding"),
            words.linked(
                N_("without any disposal: {all} received less {handled} disposed of"),
                all=behind.whole("leads", counts.leads),
                handled=behind.whole("handled", counts.handled),
            ),
        ),
        Figure(
            words(N_("Not yet cleared")),
            i18n.count(counts.uncleared),
            words.unit(Counted.LEADS, counts.uncleared),
            behind("uncleared"),
            words(N_("received and not closed off; what is on hold stays in")),
        ),
    ]


def _money(words: Words, found: Totals, behind: Behind) -> list[Figure]:
    counts = found.counts

    repaid = words(
        N_("{count} signed for; by one lead {amount}, people repaid: {people}"),
        count=i18n.count(found.beneficiaries),
        amount=i18n.written_amount(words.locale, found.village_return.decimal),
        people=i18n.count(found.village_return_people),
    )
    account = words(N_("in the special account"))
    own = words(N_("each by its own decision"))
    out = words(N_("received less what went out"))
    named = (
        ("recovered_yuan", N_("Received"), counts.recovered, account),
        ("returned_yuan", N_("Returned to villagers"), counts.returned, repaid),
        ("in_custody_yuan", N_("In custody"), counts.in_custody, out),
        ("remitted_yuan", N_("To the treasury or with the case"), counts.remitted, own),
        ("released_yuan", N_("Released as unrelated"), counts.released, own),
    )
    shown = i18n.amounts_together(words.locale, [each[2].decimal for each in named])
    return [
        Figure(words(label), text, shown.unit, behind(key), " · ".join(filter(None, (exact, note))))
        for (key, label, _, note), text, exact in zip(named, shown.texts, shown.exact, strict=True)
    ]
