from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from app.accounts.forms import Email
from app.accounts.models import Role
from app.core.forms import Line


class RoleForm(BaseModel):
    email: Email
    role: Role


class WithdrawalForm(BaseModel):
    role: Role


Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]


class AuditFilter(BaseModel):
    """Which part of the audit; every field stands in the address of the page."""

    person: Annotated[Line, Field(max_length=254)] = ""
    kind: Annotated[Line, Field(max_length=40)] = ""
    subject: Annotated[Line, Field(max_length=20)] = ""
    number: Annotated[Line, Field(max_length=40)] = ""
    since: Day | None = None
    until: Day | None = None

    @property
    def person_id(self) -> int | None:
        """None when the person is named by an e-mail address, or not at all."""
        is_number = self.person.isascii() and self.person.isdecimal() and len(self.person) < 10
        return int(self.person) if is_number else None
