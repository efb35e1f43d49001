"""What can go wrong for a person: a status and a sentence, raised where the rule is."""

from http import HTTPStatus

from app.core.i18n import Text, _


class Problem(Exception):
    """Something we tell the person about; becomes a page, a notice, or problem+json (RFC 9457)."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, message: Text, headers: dict[str, str] | None = None) -> None:
        super().__init__(message.source)
        self.message = message
        self.headers = headers or {}


class BadRequest(Problem):
    status = HTTPStatus.BAD_REQUEST


class NotFound(Problem):
    """Absent and forbidden look the same."""

    status = HTTPStatus.NOT_FOUND

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(
            message or _("We cannot find this page. It may have moved, or the address has a typing error.")
        )


class NotAllowed(Problem):
    status = HTTPStatus.FORBIDDEN


class Conflict(Problem):
    status = HTTPStatus.CONFLICT


class TooLarge(Problem):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class UnknownContent(Problem):
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class NotAcceptable(Problem):
    status = HTTPStatus.NOT_ACCEPTABLE


class TooMany(Problem):
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, message: Text, retry_after: int) -> None:
        super().__init__(message, {"Retry-After": str(retry_after)})


class Unavailable(Problem):
    status = HTTPStatus.SERVICE_UNAVAILABLE


class SignInNeeded(Problem):
    """The person has to sign in first; a browser is taken to the sign-in page and comes back."""

    status = HTTPStatus.UNAUTHORIZED

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(message or _("Sign in to do this."))


class SecondFactorNeeded(Problem):
    """Somebody on the staff has to show their second factor, perhaps again; a browser is taken there and comes back."""

    status = HTTPStatus.FORBIDDEN

    def __init__(self) -> None:
        super().__init__(_("Confirm with your second factor to do this."))


class IdentityNeeded(Problem):
    """Somebody who signed in a while ago has to show that it is they; a browser is taken there and comes back."""

    status = HTTPStatus.FORBIDDEN

    def __init__(self) -> None:
        super().__init__(_("Confirm that it is you to do this."))


class Invalid(Problem):
    """Input that was refused, with a sentence per field (API; forms use `app.core.forms`)."""

    def __init__(self, errors: dict[str, Text]) -> None:
        super().__init__(_("Some of what you sent cannot be accepted."))
        self.errors = errors
