from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from app.accounts.forms import Email
from app.accounts.keys import fingerprint
from app.core.forms import Asks, Line, Number, Paragraphs, must
from app.core.i18n import _
from app.issues.models import Channel, Precision, Source

Latitude = Annotated[Number, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[Number, Field(ge=-180, le=180, allow_inf_nan=False)]
Nonce = Annotated[
    Line,
    must(lambda typed: 16 <= len(typed) <= 64 and typed.replace("-", "").replace("_", "").isalnum() and typed.isascii(),
         _("This form is not one of ours. Open the page again.")),
]  # fmt: skip

Title = Annotated[Line, Field(min_length=3, max_length=120), Asks(_("Write what the problem is."))]
Description = Annotated[Paragraphs, Field(min_length=3, max_length=5000), Asks(_("Write what you see or notice."))]


class IssueForm(BaseModel):
    """A local problem, as a resident fills it in. `lat` and `lon` are degrees in WGS 84."""

    title: Title
    description: Description
    lat: Latitude | None = None
    lon: Longitude | None = None
    precision: Precision = Precision.EXACT
    address: Annotated[Line, Field(max_length=200)] = ""
    theme: Annotated[Line, Field(max_length=60)] = ""
    source: Source = Source.RESIDENT
    language: Annotated[Line, AfterValidator(lambda typed: typed if typed in ("nl", "en") else "")] = ""
    draft: Nonce | None = None

    @property
    def nonce_of_problem(self) -> str | None:
        """The same form sent twice is one issue; another problem under the same number is another.

        A second tab, or a page that Back brought up again, sends the number of an issue that is there already.
        """
        said = (self.draft, self.title, self.description, self.address, self.lat, self.lon)
        return fingerprint("\n".join(map(str, said))) if self.draft else None


class EntryForm(IssueForm):
    """What the city team fills in for somebody. The phone number is for the team only."""

    channel: Annotated[Channel, Asks(_("Choose how it came in."))]
    display_name: Annotated[Line, Field(min_length=2, max_length=60)] | None = None
    email: Email | None = None
    phone: Annotated[
        Line,
        Field(max_length=40),
        must(lambda typed: sum(map(str.isdigit, typed)) >= 6, _("This is not a complete phone number.")),
    ] = ""  # fmt: skip


class ProblemSoFar(BaseModel):
    """What has been typed until now; nothing in it is required."""

    title: Annotated[Line, Field(max_length=5000)] = ""
    description: Annotated[Paragraphs, Field(max_length=60_000)] = ""
    lat: Latitude | None = None
    lon: Longitude | None = None


class NonceForm(BaseModel):
    draft: Nonce
