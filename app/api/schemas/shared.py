"""What every answer of the API has in common."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.accounts.models import Person


class Shape(BaseModel):
    """Fields are lowerCamelCase outside and snake_case in here."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )


class FieldError(Shape):
    field: str
    detail: str = Field(description="What is wrong, in the language asked for with Accept-Language.")


class Problem(Shape):
    """Why a call was not answered (RFC 9457)."""

    type: str = "about:blank"
    status: int
    title: str
    detail: str = Field(description="What happened and what now, in the language of Accept-Language.")
    errors: list[FieldError] = Field(default=[], description="For invalid input: all that is wrong.")


class Links(Shape):
    next: str | None = Field(description="Where the next page is; null on the last one.")


class Author(Shape):
    display_name: str

    @classmethod
    def named(cls, person: Person | None) -> "Author | None":
        return cls(display_name=person.display_name) if person else None
