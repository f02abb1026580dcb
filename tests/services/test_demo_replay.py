"""The demo's steps, taken by the services that everybody uses, on a real database."""

import psycopg
from psycopg.rows import DictRow

from app.domain.demo.steps import Ref, Step, Thing, Value, Verb
from app.services import matters
from app.services.demo.people import Cast
from app.services.demo.replay import Replay
from tests import build_matters
from tests.builders import World

DAY = build_matters.DAY


def test_a_signature_that_fills_in_nothing_is_taken_without_a_form(
    world: World, owner: psycopg.Connection[DictRow]
) -> None:
    lead = build_matters.log(world, world.investigator)
    build_matters.act(world, world.lead_manager, lead, "register", repeats_checked=True)
    owner.execute("UPDATE installation SET demo = true, demo_day = %s", (DAY,))
    hands = (world.lead_manager, world.deputy)
    cast = Cast(
        sessions={who.login: who.session for who in hands},
        accounts={who.login: who.account_id for who in hands},
        passwords={}, units={"YC-O03": world.unit("YC-O03").id}, campaigns={}, persons={},
    )  # fmt: skip
    replay = Replay(cast, {"L1": lead})
    form: dict[str, Value] = {
        "department": Ref(Thing.UNIT, "YC-O03"),
        "no_conflict": True,
        "reason": "按程序办理",
    }
    steps = (
        Step(DAY, world.lead_manager.login, Verb.ACT, "L1", {"event": "assign", "form": form}),
        Step(DAY, world.deputy.login, Verb.SIGN, "L1", {"reason": "同意。"}),
    )
    with world.open("demo.replay", world.lead_manager) as tx:
        for step in steps:
            replay.take(tx, step)
    with world.open("read", world.chief) as tx:
        assert matters.open_matter(tx, lead).head["state"] == "assigned"
