"""Webhooks: one's own, what was sent for them, and an administrator's word on them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.domain.permissions import Permission
from app.routers.deps import Api, Caller
from app.routers.once import answered
from app.routers.paging import Paging
from app.schemas.base import Listing
from app.schemas.webhooks import (
    DeliveryRead,
    WebhookCreate,
    WebhookMade,
    WebhookOfSomebody,
    WebhookRead,
)
from app.services import webhooks

router = APIRouter(tags=["webhooks"])

Mine = Annotated[Caller, Api(Permission.SELF)]
Administrator = Annotated[Caller, Api(Permission.ACCOUNTS_ADMINISTER)]


@router.get("/me/webhooks", response_model=Listing[WebhookRead])
def list_my_webhooks(caller: Mine) -> Response:
    """Those that haven't ended, the newest first."""
    with caller.work("webhooks.mine") as tx:
        found = webhooks.list_mine(tx)
    return answered(Listing[WebhookRead](items=[WebhookRead.model_validate(row) for row in found]))


@router.post("/me/webhooks", status_code=201, response_model=WebhookMade)
def make_webhook(caller: Mine, body: WebhookCreate) -> Response:
    """Be told at an address of mine on which matters something happened, never what. An
    administrator confirms it first. Needs fresh authentication. Not repeatable: no copy of its
    secret is shown again."""
    with caller.work("webhooks.make") as tx:
        made = webhooks.subscribe(tx, **body.model_dump(), inside=caller.settings.webhooks_inside)
        row = webhooks.read_mine(tx, made.id)
    return answered(WebhookMade.model_validate({**row, "secret": made.secret}), status=201)


@router.delete("/me/webhooks/{webhook_id}", status_code=204)
def end_my_webhook(caller: Mine, webhook_id: UUID) -> Response:
    """At once, and its key with it."""
    with caller.work("webhooks.end") as tx:
        webhooks.read_mine(tx, webhook_id)
        webhooks.end(tx, webhook_id)
    return Response(status_code=204)


@router.get("/me/webhooks/{webhook_id}/deliveries", response_model=Listing[DeliveryRead])
def list_deliveries(caller: Mine, webhook_id: UUID, paging: Paging) -> Response:
    """What was sent and what waits, the newest first; of matters that I may see now."""
    listing = f"deliveries:{webhook_id}"
    before = paging.after(listing, int)
    with caller.work("webhooks.deliveries") as tx:
        found = webhooks.deliveries(tx, webhook_id, before=before, limit=paging.wanted)
    rows, following = paging.part(listing, found, lambda row: (row["place"],))
    items = [DeliveryRead.model_validate(row) for row in rows]
    return answered(Listing[DeliveryRead](items=items, next=following))


@router.post("/me/webhooks/{webhook_id}/deliveries/{delivery_id}/resend", status_code=204)
def resend_delivery(caller: Mine, webhook_id: UUID, delivery_id: UUID) -> Response:
    """Once more, under the same id, whatever became of it."""
    with caller.work("webhooks.resend") as tx:
        webhooks.send_again(tx, webhook_id, delivery_id)
    return Response(status_code=204)


@router.get("/webhooks", response_model=Listing[WebhookOfSomebody])
def list_webhooks(caller: Administrator) -> Response:
    """Everybody's, those that wait first."""
    with caller.work("webhooks.list") as tx:
        found = webhooks.list_all(tx)
    items = [WebhookOfSomebody.model_validate(row) for row in found]
    return answered(Listing[WebhookOfSomebody](items=items))


@router.post("/webhooks/{webhook_id}/confirm", status_code=204, responses={409: {}})
def confirm_webhook(caller: Administrator, webhook_id: UUID) -> Response:
    """Let it send. Needs fresh authentication, and another person than its subscriber."""
    with caller.work("webhooks.confirm") as tx:
        webhooks.confirm(tx, webhook_id)
    return Response(status_code=204)


@router.delete("/webhooks/{webhook_id}", status_code=204)
def end_webhook(caller: Administrator, webhook_id: UUID) -> Response:
    """Anybody's, at once."""
    with caller.work("webhooks.end") as tx:
        webhooks.end(tx, webhook_id)
    return Response(status_code=204)
