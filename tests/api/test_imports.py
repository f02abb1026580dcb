"""Imports over the API: tried, mapped, taken; whose they are, and what is refused."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.core import workbooks
from tests.builders import World
from tests.clients import Client, Doors

SAMPLES = Path(__file__).parents[1] / "data" / "district-2018"
LEADS = """\
线索编号,受理日期,线索来源,被反映人,反映的主要问题,乡镇,村
YC2018-0901,2018-03-05,信访举报,张三,虚报造林面积,上岩洲镇,竹溪村
YC2018-0902,2018-03-06,巡察移交,李四,套取危房改造补助,上岩洲镇,没有的村
"""
PETITIONS = """\
信访编号,信访日期,信访形式,署名情况,反映人,联系电话,被反映人,主要诉求,属地
XF20180901,2018-03-05,来信,实名,钱证人,19900001234,张三,虚报造林面积,上岩洲镇竹溪村
XF20180902,2018-13-05,来信,实名,孙证人,19900005678,李四,补助未到账,上岩洲镇竹溪村
"""


def send(
    client: Client, family: str, content: str | bytes, name: str = "leads.csv", **more: Any
) -> httpx.Response:
    return client.post(
        "/api/v1/imports",
        data={"family": family, **more.pop("data", {})},
        files={"file": (name, content)},
        **more,
    )


@pytest.fixture
def manager(doors: Doors, world: World) -> Client:
    return doors.api(world.lead_manager)


def commit(client: Client, sent: httpx.Response, **body: Any) -> httpx.Response:
    return client.post(
        f"{sent.headers['location']}/commit", json=body, headers={"If-Match": sent.headers["etag"]}
    )


def test_a_file_is_tried_then_taken(manager: Client) -> None:
    tried = send(manager, "leads", LEADS)
    assert tried.status_code == 201
    said = tried.json()
    assert (said["rows"], said["accepted"], said["rejected"]) == (2, 1, 1)
    assert said["committed_at"] is None
    assert said["held"]
    assert manager.get("/api/v1/search", params={"q": "YC2018-0901"}).json()["items"] == []
    rows = manager.get(f"{tried.headers['location']}/rows").json()["items"]
    (row,) = rows
    assert (row["row"], row["verdict"]) == (3, "rejected")
    (finding,) = row["findings"]
    assert (finding["column"], finding["value"], finding["code"]) == (
        "村",
        "没有的村",
        "unit_unknown",
    )
    assert finding["reason"]
    assert finding["todo"]

    taken = commit(manager, tried)
    assert taken.status_code == 200
    assert taken.json()["committed_at"]
    assert not taken.json()["held"]
    found = manager.get("/api/v1/search", params={"q": "YC2018-0901"}).json()["items"]
    assert [each["number"] for each in found] == ["YC2018-0901"]


def test_rejected_rows_come_back_as_a_workbook_that_can_be_imported_again(
    manager: Client,
) -> None:
    tried = send(manager, "leads", LEADS)
    answer = manager.get(f"{tried.headers['location']}/rejects")
    assert answer.status_code == 200
    assert commit(manager, tried).status_code == 200
    sheet = workbooks.read(answer.content, "rejected.xlsx").sheets[0]
    heading, row = list(sheet.rows)
    assert row[heading.index("线索编号")] == "YC2018-0902"
    row[heading.index("村")] = "竹溪村"
    mended = "\n".join(",".join(map(str, cells)) for cells in (heading, row)).replace("\r", "")
    again = send(manager, "leads", mended)
    assert (again.json()["accepted"], again.json()["rejected"]) == (1, 0)


def test_a_committed_file_is_not_kept(manager: Client) -> None:
    tried = send(manager, "leads", LEADS)
    taken = commit(manager, tried)
    gone = manager.get(f"{tried.headers['location']}/rejects")
    assert gone.status_code == 409
    again = manager.post(
        f"{tried.headers['location']}/commit", json={}, headers={"If-Match": taken.headers["etag"]}
    )
    assert again.status_code == 409
    assert again.json()["detail"] == "This file was imported already."


def test_the_same_file_again_changes_nothing_and_says_so(manager: Client) -> None:
    good = LEADS.replace("没有的村", "竹溪村")
    assert commit(manager, send(manager, "leads", good)).json()["accepted"] == 2
    again = send(manager, "leads", good)
    said = again.json()
    assert (said["known"], said["accepted"], said["rejected"]) == (2, 0, 0)
    assert said["same_file_at"] is not None
    assert commit(manager, again).json()["known"] == 2


def test_what_a_column_is_can_be_said(manager: Client) -> None:
    tried = send(manager, "leads", LEADS.replace("线索编号", "台账代号甲"))
    open_ones = [each for each in tried.json()["mapping"] if each["how"] in ("guess", "unknown")]
    assert [each["heading"] for each in open_ones] == ["台账代号甲"]
    assert open_ones[0]["reason"]
    refused = commit(manager, tried)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "map.台账代号甲"
    mapped = manager.request(
        "PUT",
        f"{tried.headers['location']}/map",
        json={"map": {"台账代号甲": "number"}},
        headers={"If-Match": tried.headers["etag"]},
    )
    assert mapped.status_code == 200
    assert mapped.json()["settled"]
    stale = commit(manager, tried)
    assert stale.status_code == 412
    taken = manager.post(
        f"{tried.headers['location']}/commit", json={}, headers={"If-Match": mapped.headers["etag"]}
    )
    assert taken.json()["accepted"] == 1


def test_a_missing_column_is_named_and_can_be_mapped(manager: Client) -> None:
    tried = send(manager, "leads", LEADS.replace("受理日期", "哪天"))
    said = tried.json()
    assert tried.status_code == 201
    assert said["missing"] == ["received_on"] or not said["settled"]


def test_a_version_must_be_named(manager: Client) -> None:
    tried = send(manager, "leads", LEADS)
    missing = manager.post(f"{tried.headers['location']}/commit", json={})
    assert missing.status_code == 428


def test_another_users_batch_is_nowhere(doors: Doors, world: World, manager: Client) -> None:
    tried = send(manager, "leads", LEADS)
    other = doors.api(world.hire("manager-2", world.lead_manager.role, "YC"))
    for answer in (
        other.get(tried.headers["location"]),
        other.get(f"{tried.headers['location']}/rows"),
        other.get(f"{tried.headers['location']}/rejects"),
        commit(other, tried),
        other.delete(tried.headers["location"], headers={"If-Match": tried.headers["etag"]}),
    ):
        assert answer.status_code == 404
    assert other.get("/api/v1/imports").json()["items"] == []
    assert commit(manager, tried).status_code == 200


def test_the_same_key_uploads_once(manager: Client) -> None:
    first = send(manager, "leads", LEADS, headers={"Idempotency-Key": "ledger-1"})
    second = send(manager, "leads", LEADS, headers={"Idempotency-Key": "ledger-1"})
    assert first.json() == second.json()
    assert len(manager.get("/api/v1/imports").json()["items"]) == 1
    other = send(manager, "leads", LEADS + "\n", headers={"Idempotency-Key": "ledger-1"})
    assert other.status_code == 422


@pytest.mark.parametrize("login", ["investigator", "auditor", "chief", "administrator"])
def test_who_does_not_import_is_refused(doors: Doors, world: World, login: str) -> None:
    assert send(doors.api(world.person(login)), "leads", LEADS).status_code == 403


def test_each_family_has_its_own_people(doors: Doors, world: World, manager: Client) -> None:
    """A ledger of petitions tells who reported: not even the lead manager brings it in."""
    assert send(manager, "petitions", PETITIONS).status_code == 403
    assert send(doors.api(world.finance), "leads", LEADS).status_code == 403
    assert send(doors.api(world.intake_officer), "petitions", PETITIONS).status_code == 201


def test_only_intake_gets_the_reporter_back(doors: Doors, world: World) -> None:
    for who, told in ((world.intake_officer, True), (world.operator, False)):
        client = doors.api(who)
        tried = send(client, "petitions", PETITIONS, "petitions.csv")
        assert tried.json()["rejected"] == 1
        rows = client.get(f"{tried.headers['location']}/rows")
        workbook = client.get(f"{tried.headers['location']}/rejects").content
        cells = [cell for row in workbooks.read(workbook, "r.xlsx").sheets[0].rows for cell in row]
        assert ("孙证人" in cells, "19900005678" in cells) == (told, told)
        for answer in (tried.text, rows.text):
            assert "孙证人" not in answer
            assert "钱证人" not in answer


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (400 << 20))
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (b"", "leads.csv", 422),
        (b"%PDF-1.7 \x00", "leads.xlsx", 422),
        (b"PK\x03\x04broken", "leads.xlsx", 422),
        ("线索编号,受理日期\n".encode() + b"\xff\xfe\x81 broken\n", "leads.csv", 422),
        ("单位编码,单位名称,类型,上级编码\nX,某区,区,\n", "leads.csv", 422),
        ("序号,合计\n1,2\n", "leads.csv", 422),
    ],
)
def test_what_is_no_such_ledger_is_refused_and_nothing_is_kept(
    manager: Client, content: bytes, name: str, status: int
) -> None:
    answer = send(manager, "leads", content, name)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["field"] == "file"
    assert manager.get("/api/v1/imports").json()["items"] == []


def test_a_bomb_is_refused(manager: Client) -> None:
    assert send(manager, "leads", bomb(), "leads.xlsx").status_code == 413


def test_too_large_a_file_is_refused(doors: Doors, world: World) -> None:
    large = b"a," * (30 << 20)
    answer = send(doors.api(world.lead_manager), "leads", large)
    assert answer.status_code == 413


def test_a_map_must_be_one(manager: Client) -> None:
    for text in ("[]", "{", json.dumps({"线索编号": 7})):
        answer = send(manager, "leads", LEADS, data={"map": text})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "map"
    unknown = send(manager, "leads", LEADS, data={"map": json.dumps({"线索编号": "nothing"})})
    assert unknown.status_code == 422


def test_a_discarded_file_is_forgotten(manager: Client) -> None:
    tried = send(manager, "leads", LEADS)
    gone = manager.delete(tried.headers["location"], headers={"If-Match": tried.headers["etag"]})
    assert gone.status_code == 204
    assert commit(manager, tried).status_code == 409


def test_reasons_come_in_the_readers_language(doors: Doors, world: World) -> None:
    chinese = doors.api(world.lead_manager, language="zh-CN")
    tried = send(chinese, "leads", LEADS)
    rows = chinese.get(f"{tried.headers['location']}/rows").json()["items"]
    assert rows[0]["findings"][0]["reason"] == "单位树中没有这个名称的单位。"


def test_a_new_number_begins_beyond_those_that_a_ledger_brought(
    manager: Client, world: World
) -> None:
    world.clock.set(date(2018, 9, 3))
    assert commit(manager, send(manager, "leads", LEADS)).status_code == 200
    logged = manager.post(
        "/api/v1/leads",
        json={
            "source": "supervision", "received_on": "2018-09-03", "what": "冒领危房改造补助",
            "unit_id": str(world.village.id),
        },
    )  # fmt: skip
    assert logged.json()["number"] == "YC2018-0902"
