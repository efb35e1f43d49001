"""Every setting, once. Read from the environment, `.env`, or a file named by `<NAME>_FILE` (for secrets)."""

import os
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "BUURTLAB_"
DEVELOPMENT_KEY = "only-for-development-never-in-production"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class UnsafeSetting(Exception):
    """A setting that must not go into production; the message names it."""


class SecretFiles(PydanticBaseSettingsSource):
    """`BUURTLAB_SECRET_KEY_FILE=/run/secrets/key` is read as `BUURTLAB_SECRET_KEY`."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        return (Path(path).read_text().strip() if path else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", frozen=True, extra="ignore")

    environment: Literal["development", "production"] = Field(
        "development", description="`production` refuses to start with an unsafe setting."
    )
    database_url: str = Field(
        "sqlite:///var/buurtlab.db", description="`sqlite:///path` or `postgresql://user:password@host/name`."
    )
    secret_key: str = Field(DEVELOPMENT_KEY, description="Signs codes; at least 32 random characters.")
    base_url: str = Field("http://127.0.0.1:8000", description="The address residents use, for links in mail.")
    mail_url: str = Field(
        "file:var/mail",
        description="`console:`, `file:///dir` (one .eml per mail) or `smtp://user:pass@host:port?starttls=1`.",
    )
    mail_from: str = Field("Buurtlab <buurtlab@localhost>", description="The sender of every mail.")
    storage_url: str = Field("file:var/photos", description="`file:///dir` or `s3://bucket/prefix?endpoint=…`.")
    tiles_url: str = Field("", description="Map tiles, `https://host/{z}/{x}/{y}.png`; empty draws the map itself.")
    tiles_attribution: str = Field("", description="The credit line that the map's maker asks for.")
    style: str = Field("", description="A style sheet of your own with values for our `--basis-*` tokens; a path.")
    geocoder_url: str = Field("", description="Reserved for an address search service; not used yet.")
    default_locale: Literal["nl", "en"] = Field("nl", description="For readers whose language we do not have.")
    rate_limits: Literal["on", "off"] = Field("on", description="`off` only for load tests on this machine.")
    second_factor: Literal["auto", "required", "optional"] = Field(
        "auto", description="For everybody with a role; `auto` requires it in production and not in development."
    )
    audit_days: int = Field(730, ge=1, description="How many days the audit is kept.")
    contact_days: int = Field(90, ge=1, description="How long phone numbers stay with an issue that is closed.")
    notes_days: int = Field(365, ge=1, description="How long internal notes stay with an issue that is closed.")
    earlier_texts_days: int = Field(365, ge=1, description="How long what an issue said before an edit is kept.")
    inactive_days: int = Field(1095, ge=90, description="After how many days an unused account goes.")
    logs_days: int = Field(30, ge=1, description="How long your systems keep our log; said on the privacy page.")
    contact: str = Field("", description="The mail address for questions about privacy and accessibility.")
    accessibility_status: Literal["A", "B", "C", "D"] = Field(
        "C", description="Of the accessibility statement: A fully, B partly, C first steps taken, D not compliant."
    )
    accessibility_statement: str = Field("", description="`https:` address of the statement in the national register.")
    security_contact: str = Field("", description="`mailto:` or `https:` address for security reports (security.txt).")
    card_licence: Literal["CC0-1.0", "CC-BY-4.0"] = Field(
        "CC0-1.0", description="Under what terms other cities may use the cards of our pilots."
    )
    embeddings: str = Field(
        "", description="A folder with a sentence embedding model, for matching; empty does without."
    )
    trusted_proxies: str = Field("127.0.0.1", description="Addresses whose X-Forwarded-For is believed, by comma.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, SecretFiles(settings_cls), dotenv_settings

    @property
    def in_development(self) -> bool:
        return self.environment == "development"

    @property
    def requires_second_factor(self) -> bool:
        return self.second_factor == "required" or (self.second_factor == "auto" and not self.in_development)

    @property
    def over_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    @property
    def origin(self) -> str:
        """Scheme and host as a browser writes them in an Origin header."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    def unsafe(self) -> list[str]:
        """What must not go into production, in words, one line each."""
        on_loopback = self.host in LOOPBACK
        findings = {
            "BUURTLAB_SECRET_KEY must be a random text of at least 32 characters.": len(self.secret_key) < 32
            or self.secret_key == DEVELOPMENT_KEY,
            "BUURTLAB_BASE_URL must start with https://.": not self.over_https and not on_loopback,
            "BUURTLAB_MAIL_URL must be an smtp:// address: residents could not sign in.": not self.mail_url.startswith(
                "smtp://"
            )
            and not on_loopback,
            "BUURTLAB_RATE_LIMITS may only be off on this machine itself.": self.rate_limits == "off"
            and not on_loopback,
            "BUURTLAB_SECOND_FACTOR may only be optional on this machine itself.": self.second_factor == "optional"
            and not on_loopback,
        }
        return [sentence for sentence, found in findings.items() if found]

    def refuse_unsafe(self) -> None:
        """Raises UnsafeSetting in production when a setting is unsafe."""
        if not self.in_development and (findings := self.unsafe()):
            raise UnsafeSetting(" ".join(findings))


@cache
def get_settings() -> Settings:
    return Settings()
