"""People, how they sign in, and what they may do."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, UniqueConstraint, inspect
from sqlmodel import Field, Relationship, SQLModel

from app.core.clock import now
from app.core.db import Moment, one_of


class Role(StrEnum):
    MODERATOR = "moderator"
    TEAM = "team"
    ADMIN = "admin"


class Person(SQLModel, table=True):
    """Somebody with an account: a resident, perhaps with one or more roles in the city team.

    `unread_notices` is counted by `app.notifications`; every page shows it.
    `warned_at`: they heard that an account nobody uses will go. `unmatched_since`: they object to automatic matching.
    An erased person keeps the number, and nothing else: SQLite would give it to somebody new, who would then stand in
    the audit for what they never did.
    """

    id: int = Field(default=None, primary_key=True)
    email: str | None = Field(default=None, max_length=254, unique=True)
    display_name: str = Field(max_length=60)
    locale: str = Field(default="nl", max_length=2)
    rules_version: int = 0
    welcomed_at: datetime | None = Field(default=None, sa_type=Moment)
    suspended_until: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    unread_notices: int = 0
    signed_in_at: datetime | None = Field(default=None, sa_type=Moment, index=True)
    warned_at: datetime | None = Field(default=None, sa_type=Moment)
    unmatched_since: datetime | None = Field(default=None, sa_type=Moment)
    erased_at: datetime | None = Field(default=None, sa_type=Moment, index=True)

    roles: list["RoleGrant"] = Relationship(sa_relationship_kwargs={"lazy": "raise"})

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None and self.suspended_until > now()

    def has_role(self, *roles: Role) -> bool:
        """False as long as the roles sleep."""
        return self.holds_role(*roles) and not self.roles_asleep

    @property
    def is_staff(self) -> bool:
        """False as long as the roles sleep."""
        return self.holds_roles and not self.roles_asleep

    def holds_role(self, *roles: Role) -> bool:
        """Also when it sleeps: for asking the second factor, never for rights."""
        return any(grant.role in roles for grant in self.roles)

    @property
    def holds_roles(self) -> bool:
        return bool(self.roles)

    @property
    def roles_asleep(self) -> bool:
        return bool(inspect(self).info.get("roles_asleep"))

    def put_roles_to_sleep(self) -> None:
        """For this request: without the second factor, staff rights exist nowhere."""
        inspect(self).info["roles_asleep"] = True

    def wake_roles(self) -> None:
        inspect(self).info.pop("roles_asleep", None)


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
    last_seen_at: datetime | None = Field(default=None, sa_type=Moment)
    second_factor_at: datetime | None = Field(default=None, sa_type=Moment)
    confirmed_at: datetime | None = Field(default=None, sa_type=Moment)
    new_app_secret: str | None = Field(default=None, max_length=200)
    challenge: str | None = Field(default=None, max_length=100)
    challenge_until: datetime | None = Field(default=None, sa_type=Moment)


class SecondFactor(SQLModel, table=True):
    """The authenticator app of somebody on the staff, and how often codes were tried lately."""

    __tablename__ = "second_factor"

    person_id: int = Field(foreign_key="person.id", primary_key=True, ondelete="CASCADE")
    app_secret: str | None = Field(default=None, max_length=200)
    app_since: datetime | None = Field(default=None, sa_type=Moment)
    last_step: int = Field(default=0, sa_type=BigInteger)
    tries: int = 0
    tries_since: datetime = Field(default_factory=now, sa_type=Moment)


class Passkey(SQLModel, table=True):
    """A key on somebody's device or in their password manager; here is only its public half."""

    __tablename__ = "passkey"

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    credential_id: str = Field(max_length=1400, unique=True)
    public_key: str = Field(max_length=4000)
    sign_count: int = Field(default=0, sa_type=BigInteger)
    name: str = Field(max_length=60)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    last_used_at: datetime | None = Field(default=None, sa_type=Moment)


class RecoveryCode(SQLModel, table=True):
    """Lets somebody in, once, who lost their app and passkeys."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    code_hash: str = Field(max_length=64)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


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
