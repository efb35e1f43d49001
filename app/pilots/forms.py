import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from app.core.forms import Line, Paragraphs, Refused, must
from app.core.i18n import _

MOST_ISSUES = 50


def _numbers(typed: object) -> list[int]:
    """Issue numbers as people type them: 12, 15 and #18."""
    numbers = [int(number) for number in re.findall(r"\d{1,9}", str(typed))]
    if not numbers:
        raise Refused(_("A pilot starts from issues: give the number of at least one."))
    return list(dict.fromkeys(numbers))


class PilotForm(BaseModel):
    """A pilot begins with the issues behind it and the problem, not with a solution."""

    issues: Annotated[
        list[int],
        BeforeValidator(_numbers),
        must(lambda numbers: len(numbers) <= MOST_ISSUES, _("These are more issues than fit at once.")),
    ]
    title: Annotated[Line, Field(min_length=3, max_length=120)]
    problem: Annotated[Paragraphs, Field(min_length=20, max_length=3000)]
