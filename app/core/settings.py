"""Settings: every one an environment variable that begins with `PLUMBLINE_`."""

import ipaddress
from functools import cached_property
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.core.i18n import N_

MEBIBYTE = 1024 * 1024
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
# What this machine calls itself. Requests for these names are always taken: nobody else's
# browser comes here by them.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Settings(BaseSettings):
    """What an operator may set. Without a database address, PostgreSQL is embedded."""

    model_config = SettingsConfigDict(env_prefix="PLUMBLINE_", extra="ignore", frozen=True)

    data: Path | None = Field(
        default=None, description="Folder for the embedded database, papers and secrets"
    )
    database_url: str | None = Field(
        default=None, description="postgresql+psycopg:// address for role plumbline_app"
    )
    owner_url: str | None = Field(
        default=None, description="The same database as plumbline_owner, for migrations"
    )
    database_password_file: Path | None = Field(
        default=None, description="File with the password for database_url"
    )
    owner_password_file: Path | None = Field(
        default=None, description="File with the password for owner_url"
    )
    keys_file: Path | None = Field(
        default=None, description="JSON file with the keys; by default beside the data"
    )
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    timezone: str = "Asia/Shanghai"
    profile: str = "cn-discipline"
    address: str | None = Field(
        default=None, description="Where people reach the pages: https://plumbline.example"
    )
    pool_size: int = Field(default=16, ge=1, le=200)
    session_hours: int = Field(default=12, ge=1, le=24)
    idle_minutes: int = Field(default=60, ge=5, le=24 * 60)
    fresh_minutes: int = Field(default=15, ge=1, le=60)
    token_minutes: int = Field(default=15, ge=1, le=60)
    upload_limit: int = Field(default=50 * MEBIBYTE, ge=MEBIBYTE)
    requests_per_minute: int = Field(default=600, ge=60, le=10_000_000)
    webhooks_inside: bool = Field(
        default=False, description="Send webhooks to private addresses and by http as well"
    )
    log_level: str = "INFO"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            _refuse(N_("There is no such time zone."))
        return name

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, name: str) -> str:
        if name.upper() not in LOG_LEVELS:
            _refuse(N_("It is one of {levels}."), levels=", ".join(LOG_LEVELS))
        return name.upper()

    @field_validator("address")
    @classmethod
    def _reached(cls, address: str | None) -> str | None:
        """An origin as browsers write it: nothing but scheme, name and port."""
        if address is None:
            return None
        try:
            parts = urlsplit(address.lower())
            name, port = parts.hostname or "", parts.port
        except ValueError:
            name, port, parts = "", None, urlsplit("")
        plain = not (parts.username or parts.query or parts.fragment or parts.path.strip("/"))
        if parts.scheme not in ("http", "https") or not name or not plain or not name.isascii():
            _refuse(N_("An address looks like https://plumbline.example, without a path."))
        if parts.scheme == "http" and name not in LOOPBACK:
            _refuse(
                N_("Without https it is reached from this machine only: http://localhost:8000.")
            )
        shown = f"[{name}]" if ":" in name else name
        usual = {"http": 80, "https": 443}[parts.scheme]
        return f"{parts.scheme}://{shown}" + (f":{port}" if port not in (None, usual) else "")

    @field_validator("database_url", "owner_url")
    @classmethod
    def _psycopg(cls, url: str | None) -> str | None:
        if url is None:
            return None
        scheme, _, rest = url.partition("://")
        if scheme not in ("postgresql", "postgres", "postgresql+psycopg") or not rest:
            _refuse(N_("An address looks like postgresql://user@host/database."))
        return f"postgresql+psycopg://{rest}"

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def origin(self) -> str:
        """Where the pages are, as a browser says it. Never what a request claims: passkeys are
        good for this origin alone. Without an address, this machine under its name, since an IP
        address can't have passkeys."""
        return self.address or f"http://localhost:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether the pages are reached by https."""
        return self.origin.startswith("https:")

    @cached_property
    def name(self) -> str:
        """The name in that origin, without a port."""
        return urlsplit(self.origin).hostname or ""

    @cached_property
    def names(self) -> frozenset[str]:
        """What a request's Host may say, without a port."""
        return LOOPBACK | {self.name}

    @cached_property
    def passkeys_for(self) -> str | None:
        """The name that passkeys are made for (RP ID); None where an IP address stands there."""
        try:
            ipaddress.ip_address(self.name)
        except ValueError:
            return self.name
        return None


def _refuse(message: str, **values: str) -> NoReturn:
    # As the schemas do: translated where it is shown.
    raise PydanticCustomError("plumbline", message, {**values, "message": message})
