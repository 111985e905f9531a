"""All that differs between a laptop and the server: read once at the start, typed, complained of together."""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from storage.database import DatabaseUrlError, driver_url
from storage.sealed import Keyring, KeysError


class SettingsError(Exception):
    """One or several settings are wrong; the text names each, one a line."""


class Settings(BaseSettings):
    """The settings, from the environment or `.env`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", hide_input_in_errors=True)

    bot_token: SecretStr = Field(SecretStr(""), description="the bot's token from @BotFather")
    bot_api_url: str = Field("https://api.telegram.org", description="Telegram, or a stand-in")
    database_url: SecretStr = SecretStr("sqlite:///data/bot.db")
    admin_ids: Annotated[frozenset[int], NoDecode] = frozenset()
    data_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    port: int = Field(8080, ge=1, le=65535)
    health_port: int | None = Field(None, ge=1, le=65535)
    send_rate: float = Field(30, gt=0, description="messages a second that the bot starts")
    person_limit: float = Field(30, gt=0, description="messages a minute from one person")
    log_level: str = "INFO"
    clock: str = Field("machine", pattern="^(machine|server)$")

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _ids(cls, value: Any) -> Any:
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @field_validator("data_keys", mode="before")
    @classmethod
    def _keys(cls, value: Any) -> Any:
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @field_validator("data_keys")
    @classmethod
    def _fitting_keys(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if value:
            try:
                Keyring([key.get_secret_value() for key in value])
            except KeysError as error:
                raise ValueError(str(error)) from error
        return value

    @field_validator("health_port", mode="before")
    @classmethod
    def _empty_is_none(cls, value: Any) -> Any:
        return None if value == "" else value

    @field_validator("bot_api_url", "webhook_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("http", "https"):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr) -> SecretStr:
        try:
            driver_url(value.get_secret_value())
        except DatabaseUrlError as error:
            raise ValueError(str(error)) from error
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @property
    def secret(self) -> str:
        """What Telegram must send along with a webhook: as set, or derived from the token."""
        given = self.webhook_secret.get_secret_value()
        return given or hmac.new(self.token.encode(), b"webhook", hashlib.sha256).hexdigest()

    @property
    def token(self) -> str:
        """The bot's token in the clear."""
        return self.bot_token.get_secret_value()


def read_settings(**overrides: Any) -> Settings:
    """Read the settings; raise SettingsError that names every wrong one, one a line."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise SettingsError("\n".join(_line(fault) for fault in error.errors())) from error


def _line(fault: Any) -> str:
    name = str(fault["loc"][0]).upper() if fault["loc"] else "settings"
    said = str(fault["msg"]).removeprefix("Value error, ")
    return f"{name}: {said}"
