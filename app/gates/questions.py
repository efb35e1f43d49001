"""What is asked at each gate, in plain words: why, what if it succeeds, and how do we keep control?

A gate is called after the stage that it leads to. What has a page of its own (goals, approaches, measures …) is not
asked again here, but looked up: see `checks.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.core.i18n import Text, _, today
from app.pilots.models import Pilot, Stage

Said = Mapping[str, str]
"""The words of each answer, by key."""


class Sort(StrEnum):
    TEXT = "text"
    LINE = "line"
    YES_NO = "yes-no"
    CHOICE = "choice"
    DATE = "date"
    MONEY = "money"


@dataclass(frozen=True)
class Question:
    """`chapter` is the big question that it belongs to. `needed` says whether a pass needs the answer, given what
    else was said.
    """

    key: str
    text: Text
    help: Text
    sort: Sort = Sort.TEXT
    choices: Mapping[str, Text] = field(default_factory=dict)
    may_be_internal: bool = False
    chapter: Text | None = None
    needed: Callable[[Pilot, Said], bool] = lambda _pilot, _said: True

    @property
    def most(self) -> int:
        """How many characters fit."""
        return 2000 if self.sort is Sort.TEXT else 200


WHY = _("Why?")
IF_IT_SUCCEEDS = _("What if it succeeds?")
IN_CONTROL = _("How do we keep control?")
YES_NO = {"yes": _("Yes"), "no": _("No")}
PROCUREMENT = {
    "none": _("Nothing is bought"),
    "contract": _("Under a contract that the city already has"),
    "direct": _("Bought directly, because it is a small amount"),
    "tender": _("A tender"),
    "innovation": _("An innovation partnership: develop it together, then buy it"),
    "together": _("A partnership of public and private parties, each paying a part"),
}


def handles_personal_data(_pilot: Pilot, said: Said) -> bool:
    return said.get("personal_data") == "yes"


def is_before_its_last_day(pilot: Pilot, _said: Said) -> bool:
    return pilot.ends_on is None or pilot.ends_on > today()


QUESTIONS: Mapping[Stage, Sequence[Question]] = {
    Stage.PROOF_OF_CONCEPT: (
        Question(
            "for_whom",
            _("For whom is this a problem?"),
            _("Who are they, about how many, and when does it bother them?"),
            chapter=WHY,
        ),
    ),
    Stage.PILOT: (
        Question(
            "process",
            _("If it works: what changes in how the city works and decides?"),
            _("A pilot that changes no process stays a pilot."),
            chapter=IF_IT_SUCCEEDS,
        ),
        Question(
            "staff",
            _("If it works: what changes for the people who do the work?"),
            _("Who works with it every day, and do they want to?"),
            chapter=IF_IT_SUCCEEDS,
        ),
        Question(
            "owner",
            _("Who owns the result?"),
            _("A department or a role. Leave out names of people where you can."),
            Sort.LINE,
            may_be_internal=True,
            chapter=IF_IT_SUCCEEDS,
        ),
        Question(
            "data_steward",
            _("Who looks after the data?"),
            _("A department or a role: who decides what is kept, who may see it and when it goes."),
            Sort.LINE,
            may_be_internal=True,
            chapter=IF_IT_SUCCEEDS,
        ),
        Question(
            "stakeholders",
            _("Who else is concerned, and are they on board?"),
            _("Residents, entrepreneurs, services, neighbouring towns: also those who are against it."),
            may_be_internal=True,
            chapter=IF_IT_SUCCEEDS,
        ),
        Question(
            "personal_data",
            _("Does it handle personal data?"),
            _("Also counts: pictures, number plates, addresses, and what can be traced to a household."),
            Sort.YES_NO,
            chapter=IF_IT_SUCCEEDS,
        ),
        Question(
            "dpia",
            _("If so: what did the assessment of the risks for people’s privacy (DPIA) say?"),
            _("What was found, and what is done about it. If none is needed, say why."),
            may_be_internal=True,
            needed=handles_personal_data,
            chapter=IF_IT_SUCCEEDS,
        ),
        Question(
            "procurement",
            _("How is it bought?"),
            _("The form of procurement."),
            Sort.CHOICE,
            PROCUREMENT,
            may_be_internal=True,
            chapter=IF_IT_SUCCEEDS,
        ),
        Question(
            "sponsor",
            _("Who stands for it in the management of the city?"),
            _("At the level of a directorate: a role."),
            Sort.LINE,
            may_be_internal=True,
            chapter=IN_CONTROL,
        ),
        Question(
            "budget",
            _("What may it cost?"),
            _("In euros, for the whole trial."),
            Sort.MONEY,
            may_be_internal=True,
            chapter=IN_CONTROL,
        ),
        Question(
            "stop_criteria",
            _("When do you stop?"),
            _("What would have to happen, or stay away, for you to say: this is not it."),
            chapter=IN_CONTROL,
        ),
        Question(
            "ends_on",
            _("What is the last day of the trial?"),
            _("Residents see it on the page."),
            Sort.DATE,
            chapter=IN_CONTROL,
        ),
    ),
    Stage.SCALING_UP: (
        Question(
            "criteria_met",
            _("If the last day has not come: which aims are met already?"),
            _("Not needed once the trial is over."),
            needed=is_before_its_last_day,
        ),
        Question(
            "also_for",
            _("Which other themes or neighbourhoods gain from it?"),
            _("The issues that may fit, beside this form, help you to see it."),
        ),
        Question(
            "ends_on",
            _("Does the trial go on longer? Until which day?"),
            _("Only for a hold; residents see the new last day on the page."),
            Sort.DATE,
            needed=lambda _pilot, _said: False,
        ),
    ),
    Stage.EMBEDDED: (
        Question(
            "service_owner",
            _("Which service does this from now on?"),
            _("A department or a role, with whom residents can get in touch."),
            Sort.LINE,
            may_be_internal=True,
        ),
        Question(
            "running_budget",
            _("What does it cost every year?"),
            _("In euros, and it is in the budget."),
            Sort.MONEY,
            may_be_internal=True,
        ),
        Question("process_changed", _("Which way of working was changed?"), _("What is done differently, and where.")),
        Question(
            "open_data",
            _("Where is the open data?"),
            _("The address where everybody can get it; or why there is none."),
        ),
    ),
    Stage.STOPPED: (),
}
