"""Words that must never come out, each planted where only some may read it.

To watch over something new, write a function that plants the word it is given, and put `@canary` above it.
"""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from sqlmodel import col, select

from app.accounts.models import Person
from app.activity.actions import post
from app.approaches.actions import propose_approach
from app.approaches.forms import Part, Proposal
from app.approaches.models import Approach, Preference
from app.approaches.preferring import prefer_approach
from app.coalition.models import CoalitionLetter, Partner, PartnerKind
from app.core.clock import now
from app.filing.drafts import keep_draft
from app.filing.models import DraftKind, Entry
from app.gates.models import GateDecision, GateDraft, Outcome
from app.issues.merging import Seen, merge_issues
from app.issues.models import EarlierText, Issue
from app.lessons.actions import add_lesson, correct_lesson
from app.lessons.forms import LessonEditForm, LessonForm
from app.matching.deciding import confirm_pilot, confirm_theme
from app.matching.engine.suggestion import Likelihood
from app.matching.jobs import count_some_words
from app.matching.models import CardMatch, GrownExpression, LinkKind
from app.moderation.appealing import appeal_as_author
from app.pilots.actions import PilotText, link_issue, start_pilot
from app.pilots.models import PartKind, Pilot, PilotIssue, Stage
from app.themes.models import Theme
from app.triage.models import InternalNote
from app.verdicts.actions import ask_residents, give_verdict
from app.verdicts.forms import VerdictForm
from app.verdicts.models import Answer, Verdict
from tests.factories import make_card, make_comment, make_issue, make_person, make_pilot
from tests.moderation.helpers import decide, flag, name_content, newest_appeal, newest_decision
from tests.site.garden import Garden

OF_THE_TEAM = (
    "note_of_the_team",
    "why_the_team_decided",
    "contact_of_a_partner",
    "letter_to_a_coalition",
    "internal_answer_at_a_gate",
    "answers_on_their_way",
)
"""The team reads these, and not even moderators do."""
Plant = Callable[[Garden, str], None]
PLANTS: dict[str, Plant] = {}
NEVER_PLANTED = "zqnergensgeplant"


def canary(plant: Plant) -> Plant:
    PLANTS[plant.__name__] = plant
    return plant


@canary
def mail_address_of_an_author(garden: Garden, word: str) -> None:
    garden.writer.email = f"{word}@example.nl"
    garden.session.add(garden.writer)


@canary
def why_somebody_reported(garden: Garden, word: str) -> None:
    assert flag(garden.stranger, garden.issue.content_id, facts=f"Dit is {word}, vind ik.").status_code == 303


@canary
def contact_of_who_reported(garden: Garden, word: str) -> None:
    assert flag(garden.stranger, garden.issue.content_id, email=f"{word}@example.nl").status_code == 303


@canary
def note_of_a_moderator(garden: Garden, word: str) -> None:
    path = f"/moderation/items/{garden.issue.content_id}/notes"
    assert garden.moderator.post(path, data={"body": f"Let op: {word}."}).status_code == 303


@canary
def why_a_moderator_decided(garden: Garden, word: str) -> None:
    comment = make_comment(garden.session, garden.writer, garden.issue, "Wat een onzin.")
    decide(garden.moderator, garden.session, comment.content_id, "hide", facts=f"Omdat er {word} staat.")


@canary
def objection_of_an_author(garden: Garden, word: str) -> None:
    comment = make_comment(garden.session, garden.writer, garden.issue, "Onzin is het.")
    garden.hide(comment.content_id)
    appeal_as_author(garden.session, garden.writer, newest_decision(garden.session), f"Nee, {word} mag best.")
    garden.session.commit()
    assert word in newest_appeal(garden.session).reasons


@canary
def title_of_a_hidden_issue(garden: Garden, word: str) -> None:
    garden.hidden_issue(title=f"Het {word} ligt op straat")


@canary
def text_of_a_hidden_issue(garden: Garden, word: str) -> None:
    garden.hidden_issue(description=f"Iedere avond is hier {word} te zien op het fietspad.")


@canary
def address_of_a_hidden_issue(garden: Garden, word: str) -> None:
    garden.hidden_issue(address=f"Bij de {word} om de hoek")


@canary
def photo_of_a_hidden_issue(garden: Garden, word: str) -> None:
    issue = make_issue(garden.session, garden.writer, "Een vraagstuk met een foto")
    garden.photo_on(issue, f"Foto van {word}")
    garden.hidden_places["issue_id"].append(issue.id)
    garden.hide(issue.content_id)


@canary
def hidden_photo(garden: Garden, word: str) -> None:
    garden.hide(garden.photo_on(garden.issue, f"Foto van {word}").content_id)


@canary
def hidden_comment(garden: Garden, word: str) -> None:
    comment = make_comment(garden.session, garden.writer, garden.issue, f"Jij bent een {word}.")
    garden.hidden_places["comment_id"].append(comment.id)
    garden.hide(comment.content_id)


@canary
def answer_below_a_hidden_comment(garden: Garden, word: str) -> None:
    comment = make_comment(garden.session, garden.writer, garden.issue, "Weg ermee.")
    answer = make_comment(garden.session, garden.writer, garden.issue, f"Nee, {word}.", parent=comment)
    garden.hidden_places["comment_id"] += [comment.id, answer.id]
    garden.hide(comment.content_id)


@canary
def hidden_name(garden: Garden, word: str) -> None:
    rude = make_person(garden.session, "grof")
    rude.display_name = word
    make_comment(garden.session, rude, garden.issue, "Met een naam die niet mag.")
    garden.hide(name_content(garden.session, rude).id)


@canary
def hidden_card_of_another_city(garden: Garden, word: str) -> None:
    """One that was a candidate, too."""
    card = make_card(garden.session, 77, title=f"Licht met {word}", problem=f"Fietsers missen {word}.")
    link = {"score": 0.9, "likelihood": Likelihood.LIKELY, "reasons": [{"code": "same_theme"}]}
    garden.session.add(CardMatch(issue_id=garden.issue.id, card_id=card.id, **link))
    card.visible = False
    garden.session.commit()
    garden.hidden_places["card_id"].append(card.id)


@canary
def hidden_pilot(garden: Garden, word: str) -> None:
    """One from which an issue got its status, so that its name stands on a timeline too."""
    own = make_issue(garden.session, garden.writer, "Er is te weinig schaduw")
    about = PilotText(title=f"Proef met {word}", problem=f"Mensen missen {word} hier.")
    pilot = start_pilot(garden.session, garden.cast.admin.id, [own], about)
    link_issue(garden.session, garden.cast.team.id, pilot, garden.issue)
    garden.session.commit()
    garden.hidden_places["pilot_id"].append(pilot.id)
    garden.hidden_places["content_id"].append(pilot.content_id)
    garden.hide(pilot.content_id)


def make_resident(garden: Garden) -> Person:
    person = make_person(garden.session, f"bewoner{len(garden.session.exec(select(Person.id)).all())}")
    garden.session.refresh(person, ["roles"])
    return person


def an_approach(garden: Garden, said: Proposal) -> Approach:
    pilot = garden.session.exec(select(Pilot).where(col(Pilot.visible)).order_by(col(Pilot.id))).first()
    assert pilot is not None
    approach = propose_approach(garden.session, make_resident(garden), pilot, said)
    garden.session.commit()
    return approach


@canary
def hidden_approach(garden: Garden, word: str) -> None:
    """In its title, its words and its parts; one that somebody prefers."""
    approach = an_approach(garden, Proposal(f"Met {word}", f"Overal {word}.", [Part(PartKind.SOCIAL, f"Ook {word}")]))
    prefer_approach(garden.session, garden.writer.id, approach, f"Want {word}.")
    garden.session.commit()
    garden.hidden_places["approach_id"].append(approach.id)
    garden.hidden_places["content_id"].append(approach.content_id)
    garden.hide(approach.content_id)


@canary
def hidden_reason_for_an_approach(garden: Garden, word: str) -> None:
    approach = an_approach(garden, Proposal("Samen fietsen", "Buren fietsen samen.", [Part(PartKind.SOCIAL, "Samen")]))
    prefer_approach(garden.session, make_resident(garden).id, approach, f"Want {word} is beter.")
    garden.session.commit()
    said = garden.session.exec(select(Preference).where(Preference.approach_id == approach.id)).one()
    garden.hidden_places["content_id"].append(said.content_id)
    garden.hide(said.content_id or 0)


@canary
def hidden_issue_that_was_merged(garden: Garden, word: str) -> None:
    issue = make_issue(garden.session, garden.writer, f"Ook {word} hier")
    stays = garden.session.get_one(Issue, garden.issue.id)
    merge_issues(
        garden.session, garden.cast.team.id, issue.id, stays.id, Seen(issue.status, stays.status), "Hetzelfde."
    )
    garden.session.commit()
    garden.hidden_places["issue_id"].append(issue.id)
    garden.hide(issue.content_id)


@canary
def why_a_pilot_did_not_help(garden: Garden, word: str) -> None:
    """A reason that was hidden; what was said with it still counts."""
    pilot = make_pilot(garden.session, [garden.issue])
    pilot.stage = Stage.PILOT
    ask_residents(garden.session, pilot, garden.cast.admin.id)
    give_verdict(
        garden.session, garden.writer, pilot, VerdictForm(answer=Answer.NOT_SOLVED, reason=f"Want {word} helpt niet.")
    )
    garden.session.commit()
    said = garden.session.exec(select(Verdict).where(Verdict.pilot_id == pilot.id, Verdict.reason != "")).one()
    garden.hidden_places["content_id"].append(said.content_id)
    garden.hide(said.content_id or 0)


@canary
def earlier_text(garden: Garden, word: str) -> None:
    garden.session.add(EarlierText(issue_id=garden.issue.id, title="Eerder", description=f"Bel {word}."))


@canary
def note_of_the_team(garden: Garden, word: str) -> None:
    garden.session.add(InternalNote(issue_id=garden.issue.id, author_id=garden.cast.team.id, text=f"Bel {word}."))


@canary
def why_the_team_decided(garden: Garden, word: str) -> None:
    theme = garden.session.exec(select(Theme.id)).first()
    confirm_theme(garden.session, garden.issue, theme or 0, garden.cast.team.id, f"Omdat {word} dat zegt.")


@canary
def word_learned_from_a_hidden_issue(garden: Garden, word: str) -> None:
    """It was learned while everybody could see it, and goes with the issue."""
    issue, pilot_id = make_issue(garden.session, garden.writer, f"Weer {word} op de stoep"), pilot_of(garden)
    confirm_pilot(garden.session, issue, pilot_id, garden.cast.team.id)
    counted = {"voices": 3, "of_voices": 3, "elsewhere": 0, "others": 20}
    garden.session.add(
        GrownExpression(
            kind=LinkKind.PILOT, key=pilot_id, concept="rain-flooding", language="nl", text=word,
            issue_ids=[issue.id], **counted,
        )
    )  # fmt: skip
    garden.session.commit()
    garden.hidden_places["issue_id"].append(issue.id)
    garden.hide(issue.content_id)


def pilot_of(garden: Garden) -> int:
    return garden.session.exec(select(PilotIssue.pilot_id).where(PilotIssue.issue_id == garden.issue.id)).first() or 0


@canary
def internal_answer_at_a_gate(garden: Garden, word: str) -> None:
    answers = {
        "sponsor": {"text": f"Directeur {word}", "internal": True},
        "staff": {"text": "Niets", "internal": False},
    }
    decided = GateDecision(
        pilot_id=pilot_of(garden), number=1, from_stage=Stage.PROOF_OF_CONCEPT, gate=Stage.PILOT, outcome=Outcome.PASS,
        reason="Alles is er.", language="nl", answers=answers,
    )  # fmt: skip
    garden.session.add(decided)


@canary
def answers_on_their_way(garden: Garden, word: str) -> None:
    answers = {"for_whom": {"text": f"Voor {word}", "internal": False}}
    garden.session.add(GateDraft(pilot_id=pilot_of(garden), gate=Stage.PROOF_OF_CONCEPT, answers=answers))


@canary
def hidden_lesson(garden: Garden, word: str) -> None:
    pilot = garden.session.get_one(Pilot, pilot_of(garden))
    form = LessonForm(lesson_title=f"Begin met {word}", lesson_text=f"Overal was {word}.")
    lesson = add_lesson(garden.session, garden.cast.admin.id, pilot, form)
    other = LessonEditForm(lesson_title="Begin", lesson_text="Overal was het zo.", version=1)
    correct_lesson(garden.session, garden.cast.admin.id, lesson, other)
    garden.session.commit()
    garden.hidden_places["lesson_id"].append(lesson.id)
    garden.hidden_places["content_id"].append(lesson.content_id)
    garden.hide(lesson.content_id)


@canary
def contact_of_a_partner(garden: Garden, word: str) -> None:
    partner = Partner(pilot_id=pilot_of(garden), name="Stadsbeheer", kind=PartnerKind.DEPARTMENT, role="Helpt mee")
    partner.email = f"{word}@example.nl"
    garden.session.add(partner)


@canary
def letter_to_a_coalition(garden: Garden, word: str) -> None:
    letter = CoalitionLetter(pilot_id=pilot_of(garden), number=1, subject="Morgen", text=f"Neem {word} mee.")
    garden.session.add(letter)


@canary
def phone_of_somebody_they_entered_for(garden: Garden, word: str) -> None:
    garden.session.add(Entry(issue_id=garden.issue.id, entered_by=garden.cast.team.id, phone=word))


@canary
def draft(garden: Garden, word: str) -> None:
    fields = {"title": f"Nog niet af: {word}", "description": word}
    keep_draft(
        garden.session, "nonce-of-a-canary-01", DraftKind.ISSUE, "key-of-a-canary", "network", fields, waits=True
    )


@canary
def mail_on_its_way(garden: Garden, word: str) -> None:
    post(garden.session, "flag_received", f"{word}@example.nl", "nl", {"reference": word, "path": "/"})


def letters(number: int) -> str:
    """Six that are far from those of every other number, so that no slip of the finger leads to another word."""
    return "".join(chr(97 + (number * 7 + at * (number + 3) - at**3 * (number // 25)) % 25) for at in range(6))


def plant_all(garden: Garden) -> dict[str, str]:
    """The words, by what they stand for. Letters only, so that search treats them as words."""
    words = {name: f"zq{letters(number)}wort" for number, name in enumerate(PLANTS)}
    for name, plant in PLANTS.items():
        plant(garden, words[name])
        garden.session.commit()
    with time_machine.travel(now() + timedelta(minutes=2)):
        count_some_words(garden.session)
    garden.session.commit()
    return words
