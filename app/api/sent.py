"""What callers send: JSON, read before a connection is taken and judged when the caller is known."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request
from pydantic import BaseModel, ValidationError

from app.accounts.keys import code_fingerprint
from app.accounts.models import Person
from app.core.errors import BadRequest, Invalid, TooLarge, UnknownContent
from app.core.forms import messages_of
from app.core.i18n import _
from app.core.web import settings_of

MOST_BYTES = 256 * 1024

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Sent:
    body: bytes

    def read_as(self, model: type[Model]) -> Model:
        """Raises BadRequest, or Invalid with a sentence per field. Ignores unknown fields."""
        try:
            return model.model_validate_json(self.body, strict=True)
        except ValidationError as error:
            if any(not mistake["loc"] for mistake in error.errors(include_url=False)):
                raise BadRequest(_("This is not a JSON object that we can read.")) from None
            raise Invalid(messages_of(error, model)) from None


async def read_sent(request: Request) -> Sent:
    if not _is_json(request.headers.get("content-type", "")):
        raise UnknownContent(_("Send JSON, with the header “Content-Type: application/json”."))
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise too_large()
    return Sent(bytes(body))


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def too_large() -> TooLarge:
    return TooLarge(_("This is more than we take in at once: at most %(max)s kB.", max=MOST_BYTES // 1024))


SentDep = Annotated[Sent, Depends(read_sent)]

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="Any text of your own, new for each thing you do: sent again, it is done once.",
    ),
]


def nonce_for(request: Request, person: Person, kind: str, key: str | None) -> str | None:
    """What a person's key is stored as; nobody else can come up with it."""
    return code_fingerprint(settings_of(request).secret_key, f"{kind}:{person.id}", key) if key else None


def takes(model: type[BaseModel]) -> dict[str, Any]:
    """For the documentation of a call that reads its body itself."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
