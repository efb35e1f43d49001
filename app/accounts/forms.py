from typing import Annotated, Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, Field

from app.core.forms import Asks, Line, Refused, must
from app.core.i18n import _


def _address(value: str) -> str:
    """The address in one spelling: lower case, international domains in Unicode."""
    try:
        return validate_email(value, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise Refused(_("This is not a complete e-mail address. It looks like name@example.nl.")) from None


Email = Annotated[
    Line, Field(max_length=254), AfterValidator(_address), Asks(_("Fill in an address like name@example.nl."))
]


class SignInForm(BaseModel):
    email: Email
    next: Line = ""


class CodeForm(BaseModel):
    code: Annotated[
        Line,
        AfterValidator(lambda typed: "".join(typed.split()).replace("-", "")),
        must(lambda code: code.isascii() and code.isdigit() and len(code) == 6, _("The code has 6 digits.")),
        Asks(_("Fill in the 6 digits from the mail.")),
    ]


class IntroductionForm(BaseModel):
    display_name: Annotated[Line, Field(min_length=2, max_length=60), Asks(_("Choose a name, it may be made up."))]
    locale: Literal["nl", "en"]
    next: Line = ""


def _code_as_typed(value: str) -> str:
    """Six digits of the app without spaces; a recovery code stays as it is."""
    joined = "".join(value.split()).replace("-", "")
    return joined if joined.isascii() and joined.isdigit() else value


class SecondFactorForm(BaseModel):
    code: Annotated[
        Line, Field(max_length=40), AfterValidator(_code_as_typed), Asks(_("Fill in the code from your app."))
    ]
    next: Line = ""


class PasskeyForm(BaseModel):
    """`credential` is what the browser's WebAuthn answered, as JSON."""

    credential: Annotated[str, Field(max_length=20_000)]
    name: Annotated[Line, Field(max_length=60)] = ""
    next: Line = ""
