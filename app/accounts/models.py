"""People, how they sign in, and what they may do."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from app.core.clock import now
from app.core.db import Moment, one_of


class Role(StrEnum):
    MODERATOR = "moderator"
    TEAM = "team"
    ADMIN = "admin"


class Person(SQLModel, table=True):
    """Somebody with an account: a resident, perhaps with one or more roles in the city team."""

    id: int = Field(default=None, primary_key=True)
    email: str | None = Field(default=None, max_length=254, unique=True)
    display_name: str = Field(max_length=60)
    locale: str = Field(default="nl", max_length=2)
    rules_version: int = 0
    welcomed_at: datetime | None = Field(default=None, sa_type=Moment)
    suspended_until: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)

    roles: list["RoleGrant"] = Relationship(sa_relationship_kwargs={"lazy": "raise"})

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None and self.suspended_until > now()

    def has_role(self, *roles: Role) -> bool:
        return any(grant.role in roles for grant in self.roles)

    @property
    def is_staff(self) -> bool:
        return bool(self.roles)


class RoleGrant(SQLModel, table=True):
    __tablename__ = "role_grant"

    person_id: int = Field(foreign_key="person.id", primary_key=True, ondelete="CASCADE")
    role: Role = Field(sa_type=one_of(Role), primary_key=True)
    granted_at: datetime = Field(default_factory=now, sa_type=Moment)


class HouseRules(SQLModel, table=True):
    """One version of the rules; everybody accepts the newest when signing in."""

    __tablename__ = "house_rules"

    version: int = Field(primary_key=True)
    text_nl: str = Field(max_length=10_000)
    text_en: str = Field(max_length=10_000)
    since: datetime = Field(default_factory=now, sa_type=Moment)

    def text(self, locale: str) -> str:
        return self.text_nl if locale == "nl" else self.text_en


class SignInRequest(SQLModel, table=True):
    """A code and a link on their way by mail, bound to the browser that asked for them."""

    __tablename__ = "sign_in_request"
    __table_args__ = (Index(None, "email", "created_at"),)

    id: str = Field(primary_key=True, max_length=32)
    email: str = Field(max_length=254)
    browser_hash: str = Field(max_length=64)
    code_hash: str = Field(max_length=64)
    link_hash: str = Field(max_length=64, unique=True)
    locale: str = Field(max_length=2)
    go_to: str = Field(default="/", max_length=2000)
    browser: str = Field(default="", max_length=60)
    tries: int = 0
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    approved_at: datetime | None = Field(default=None, sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class SignedInSession(SQLModel, table=True):
    """A browser that is signed in. Only a hash of its cookie is kept."""

    __tablename__ = "signed_in_session"

    id: int = Field(default=None, primary_key=True)
    key_hash: str = Field(max_length=64, unique=True)
    person_id: int = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    browser: str = Field(default="", max_length=60)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


class ApiToken(SQLModel, table=True):
    """Lets a script act for a person. Only a hash is kept; the token is shown once."""

    __tablename__ = "api_token"
    __table_args__ = (UniqueConstraint("key_hash"),)

    id: int = Field(default=None, primary_key=True)
    key_hash: str = Field(max_length=64)
    person_id: int = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    name: str = Field(default="", max_length=80)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


class ApiCall(SQLModel, table=True):
    """A call with an Idempotency-Key that was carried out; the same key with other content is refused.

    `nonce` and `content_hash` are fingerprints: neither the key nor what was sent can be read from them.
    """

    __tablename__ = "api_call"

    nonce: str = Field(primary_key=True, max_length=64)
    content_hash: str = Field(max_length=64)
    created_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)
