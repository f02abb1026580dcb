"""What pages and API share of passkeys: where they are good, and reading what a browser sent."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from app.domain.errors import N_, Conflict, Invalid
from app.domain.passkeys import Place
from app.routers.deps import Caller

FIELD = "credential"
LONGEST = 64 * 1024
_UNREADABLE = N_("The browser sent no passkey. Try it again.")
_NO_NAME = N_("Passkeys need an address with a name: whoever runs this sets PLUMBLINE_ADDRESS.")


def place(caller: Caller) -> Place:
    """Raises Conflict where an IP address stands in the settings: there are no passkeys for it."""
    name = caller.settings.passkeys_for
    if name is None:
        raise Conflict(_NO_NAME)
    return Place(name, caller.settings.origin)


def sent(schema: type[BaseModel], text: str) -> Mapping[str, Any]:
    """A credential from the field of a form, which a script of ours filled. Raises Invalid."""
    try:
        return schema.model_validate_json(text[:LONGEST]).model_dump(exclude_none=True)
    except ValidationError:
        raise Invalid.of(FIELD, _UNREADABLE) from None
