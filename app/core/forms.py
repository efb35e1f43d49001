"""Forms: what was typed, what it means, and a message beside each field that cannot be accepted."""

import re
import unicodedata
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Generic, Literal, TypeVar, get_origin

from fastapi import Depends, Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect

from app.core.errors import BadRequest
from app.core.i18n import Text, _

MAX_FIELDS = 60
MAX_FILES = 12
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


class Refused(ValueError):
    """Raised by a validator with the sentence that belongs beside the field."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.source)
        self.message = message


@dataclass(frozen=True, eq=False)  # `Email | None` hashes what stands beside the type
class Asks:
    """Beside the type of a field that has to be filled in: what to do when it was left empty."""

    message: Text


Form = TypeVar("Form", bound=BaseModel, covariant=True)


class Submission(Generic[Form]):
    """A form as submitted: `data` when it is right, else `errors` by field; `typed` in either case."""

    def __init__(self, data: Form | None, typed: dict[str, str], errors: dict[str, Text], files: list[UploadFile]):
        self._data = data
        self.typed = typed
        self.errors = errors
        self.files = files

    @property
    def ok(self) -> bool:
        return self._data is not None and not self.errors

    @property
    def data(self) -> Form:
        if self._data is None:
            raise ValueError("the form has errors; look at `ok` first")
        return self._data

    def refuse(self, field: str, message: Text) -> None:
        self.errors.setdefault(field, message)


async def read_body(request: Request) -> None:
    """Reads a submitted form completely, once; later readers get the same form."""
    if request.method == "POST" and request.headers.get("content-type", "").startswith(FORM_TYPES):
        try:
            request.state.form = await request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS)
        except ClientDisconnect:  # nobody is left to read the answer, but it is no fault of ours either
            raise BadRequest(_("Your form did not arrive whole. Send it again.")) from None
        except UnicodeError:  # a charset that Python knows, but that is none for text
            raise BadRequest(_("Your text has characters that we cannot read.")) from None


def form_of(model: type[Form]) -> Callable[..., Awaitable[Submission[Form]]]:
    """A dependency that reads a submitted form as `model`; wrong input is data, not an exception."""

    async def read(request: Request, _body: Annotated[None, Depends(read_body)]) -> Submission[Form]:
        fields: FormData = getattr(request.state, "form", FormData())
        typed = typed_in(fields, several=fields_with_lists(model))
        files = [value for _name, value in fields.multi_items() if isinstance(value, UploadFile) and value.filename]
        return submission_of(model, typed, files)

    return read


def fields_with_lists(model: type[BaseModel]) -> set[str]:
    return {name for name, field in model.model_fields.items() if get_origin(field.annotation) is list}


def typed_in(fields: FormData, several: Collection[str]) -> dict[str, str]:
    """What was typed, by field; the values of boxes for a field that takes `several` come with commas between."""
    typed: dict[str, str] = {}
    for name, value in fields.multi_items():
        if isinstance(value, str):
            joined = f"{typed[name]},{value}" if name in several and name in typed else value
            typed[name] = clean_text(joined)
    return typed


def submission_of(model: type[Form], typed: dict[str, str], files: list[UploadFile] | None = None) -> Submission[Form]:
    try:
        data = model.model_validate({name: value for name, value in typed.items() if value != ""})
    except ValidationError as error:
        return Submission(None, typed, messages_of(error, model), files or [])
    return Submission(data, typed, {}, files or [])


def messages_of(error: ValidationError, model: type[BaseModel]) -> dict[str, Text]:
    """A sentence per field; the first mistake of each field counts."""
    messages: dict[str, Text] = {}
    for detail in error.errors(include_url=False):
        name = str(detail["loc"][0]) if detail["loc"] else "form"
        is_empty = detail["type"] == "missing"
        messages.setdefault(name, what_to_fill_in(model.model_fields[name]) if is_empty else message_for(detail))
    return messages


def what_to_fill_in(field: FieldInfo) -> Text:
    """The sentence beside a field that was left empty."""
    if asks := next((each for each in field.metadata if isinstance(each, Asks)), None):
        return asks.message
    kind = field.annotation
    is_choice = get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, Enum))
    return _("Choose one of the options.") if is_choice else _("Fill this in.")


def message_for(detail: ErrorDetails) -> Text:
    """The sentence beside a field in which something wrong was typed."""
    context: dict[str, Any] = detail.get("ctx", {})
    if isinstance(refused := context.get("error"), Refused):
        return refused.message
    match detail["type"]:
        case "string_too_short" | "too_short":
            return _("This is too short. Use at least %(min)s characters.", min=context["min_length"])
        case "string_too_long" | "too_long":
            return _("This is too long. Use at most %(max)s characters.", max=context["max_length"])
        case "string_type":
            return _("This must be text.")
        case "enum" | "literal_error":
            return _("Choose one of the options.")
        case kind if kind.startswith(("float", "int", "greater", "less", "finite")):
            return _("This is not a number that we can use here.")
        case kind if isinstance(kind, str) and kind.startswith(("datetime", "date")):
            return _("This is not a date that we can read.")
        case _:
            return _("This cannot be accepted.")


CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]")


def clean_text(value: str) -> str:
    """Unicode in composed form, line ends as `\\n`, no space around, no characters that are empty or turn the text."""
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise BadRequest(_("Your text has characters that we cannot read."))
    value = CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", value).strip()


def _one_line(value: object) -> object:
    return re.sub(r"\s+", " ", clean_text(value)) if isinstance(value, str) else value


def _clean(value: object) -> object:
    return clean_text(value) if isinstance(value, str) else value


def _comma_number(value: object) -> object:
    """Dutch people may type 52,1 for 52.1."""
    return value.strip().replace(",", ".") if isinstance(value, str) else value


Line = Annotated[str, BeforeValidator(_one_line)]
Paragraphs = Annotated[str, BeforeValidator(_clean)]
Number = Annotated[float, BeforeValidator(_comma_number)]


def must(check: Callable[[Any], bool], message: Text) -> AfterValidator:
    """A validator that refuses with its own sentence."""

    def validate(value: Any) -> Any:
        if not check(value):
            raise Refused(message)
        return value

    return AfterValidator(validate)
