"""Approaches under a crowd: one voice each, counts that are right, one choice, one approach per form."""

import random
from functools import partial
from itertools import cycle, islice

from sqlmodel import Session, col, func, select

from app.accounts.models import Role
from app.activity.models import TimelineEntry
from app.approaches.models import Approach, ApproachChoice, Preference
from app.pilots.models import Pilot
from tests.busy import BusySite, new_name
from tests.crowd import Answer, Phone, at_once
from tests.factories import make_approach, make_issue, make_person, make_pilot

numbers = iter(range(1_000_000))


def a_competition(busy: BusySite) -> tuple[Pilot, Approach, Approach]:
    with busy.database.session() as session:
        author = make_person(session, new_name())
        pilot = make_pilot(session, [make_issue(session, author, f"Hek {next(numbers)} staat open")])
        return pilot, make_approach(session, pilot, author), make_approach(session, pilot, None, "Lampen", "digital")


def two_of_the_team(busy: BusySite) -> list[Phone]:
    return busy.colleagues(Role.TEAM, Role.TEAM, locale="en")


def voices(busy: BusySite, pilot: Pilot) -> tuple[dict[int, int], dict[int, int]]:
    """The counters that are shown and the truth."""

    def both(session: Session) -> tuple[dict[int, int], dict[int, int]]:
        shown = select(Approach.id, Approach.preferences).where(Approach.pilot_id == pilot.id)
        given = select(Preference.approach_id, func.count()).where(Preference.pilot_id == pilot.id)
        counted = dict(session.exec(given.group_by(col(Preference.approach_id))).all())
        counters = dict(session.exec(shown).all())
        return counters, {number: counted.get(number, 0) for number in counters}

    return busy.ask(both)


def statuses(answers: list[Answer]) -> list[int]:
    return sorted(answer.status for answer in answers)


def test_a_storm_of_changing_minds_ends_in_the_truth(busy: BusySite) -> None:
    pilot, one, other = a_competition(busy)
    base = f"/pilots/{pilot.id}/approaches"
    phones = busy.residents(*(new_name() for _person in range(5)))
    steps = [f"{one.id}/preference", f"{other.id}/preference", f"{one.id}/preference/withdrawal"]
    storm = [
        lambda phone=phone, step=step: phone.post(f"{base}/{step}", {"reason": "Daarom."})
        for phone in phones
        for step in islice(cycle(steps), 7)
    ]
    random.Random(6).shuffle(storm)
    assert set(statuses(at_once(storm))) == {303}
    counters, truth = voices(busy, pilot)
    assert counters == truth
    assert sum(truth.values()) <= len(phones)
    at_once([lambda phone=phone: phone.post(f"{base}/{other.id}/preference") for phone in phones for _tap in range(4)])
    assert voices(busy, pilot)[0] == {one.id: 0, other.id: len(phones)}


def test_one_of_two_choices_at_once_stands_and_the_other_is_told(busy: BusySite) -> None:
    pilot, one, other = a_competition(busy)
    team = two_of_the_team(busy)
    for seen in range(2):
        forms = [
            {"approach": f"{each.id}.1", "reason": f"Om deze reden kiezen we {each.id}.", "seen": seen, "problem": 1}
            for each in (one, other)
        ]
        answers = at_once(
            [
                lambda phone=phone, form=form: phone.post(f"/pilots/{pilot.id}/choice", form)
                for phone, form in zip(team, forms, strict=True)
            ]
        )
        assert statuses(answers) == [303, 409]
        (late,) = [answer for answer in answers if answer.status == 409]
        assert "A colleague chose in the meantime" in late.text
        choice = busy.ask(lambda session: session.get_one(ApproachChoice, pilot.id))
        assert choice.number == seen + 1
        assert choice.reason in late.text
    told = select(func.count()).where(
        TimelineEntry.subject_kind == "pilot", TimelineEntry.subject_id == pilot.id,
        TimelineEntry.kind == "approach.chosen",
    )  # fmt: skip
    assert busy.ask(lambda session: session.exec(told).one()) == 2


def test_a_form_sent_eight_times_at_once_is_one_approach(busy: BusySite) -> None:
    pilot, _one, _other = a_competition(busy)
    (phone,) = busy.residents(new_name())
    form = {
        "title": "Samen fietsen", "summary": "Buren fietsen samen naar huis.", "kind-1": "social",
        "part-1": "Samen fietsen", "nonce": f"nonce-{next(numbers)}",
    }  # fmt: skip
    answers = at_once([lambda: phone.post(f"/pilots/{pilot.id}/approaches", form)] * 8)
    assert set(statuses(answers)) == {303}
    assert len({answer.location for answer in answers}) == 1


def test_nobody_takes_back_what_somebody_prefers_in_that_moment(busy: BusySite) -> None:
    for _try in range(4):
        name = new_name()
        author, fan = busy.residents(name, new_name())
        pilot, _one, _other = a_competition(busy)
        form = {
            "title": "Samen lopen", "summary": "Buren lopen samen naar huis.", "kind-1": "social", "part-1": "Samen",
        }  # fmt: skip
        address = author.post(f"/pilots/{pilot.id}/approaches", form).location
        prefers, withdraws = at_once(
            [partial(fan.post, f"{address}/preference"), partial(author.post, f"{address}/withdrawal")]
        )
        assert (prefers.status, withdraws.status) in {(303, 409), (404, 303)}
        counters, truth = voices(busy, pilot)
        assert counters == truth
