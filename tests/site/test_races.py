"""Everything that people do twice, at once, or again after the connection broke, happens exactly once.

On a site of two processes, over real connections, on SQLite and PostgreSQL.
"""

import random
import time
from collections.abc import Callable
from itertools import cycle, islice

import pytest
from sqlmodel import Session, col, func, select

from app.accounts.actions import MailedKeys, ask_to_sign_in
from app.accounts.models import Person, SignedInSession, SignInRequest
from app.activity.models import TimelineEntry
from app.content.models import Content, Kind
from app.core.forms import submission_of
from app.discussions.models import Comment, CommentSupport
from app.filing.forms import IssueForm
from app.filing.models import Draft, DraftPhoto
from app.issues.models import Issue, Photo, Vote
from tests.busy import BusySite, new_name
from tests.crowd import Answer, Phone, at_once
from tests.factories import INSIDE, make_comment, make_issue, make_person
from tests.sample_photos import a_photo

FORM = {
    "title": "Donker fietspad langs de duinen",
    "description": "Na zonsondergang zie je hier niets.",
    "lat": INSIDE[0],
    "lon": INSIDE[1],
}
numbers = iter(range(1_000_000))


def new_nonce() -> str:
    return f"nonce-of-a-form-{next(numbers):06d}"


def an_issue(busy: BusySite) -> Issue:
    with busy.database.session() as session:
        return make_issue(session, make_person(session, new_name()), f"Stoeptegel {next(numbers)} ligt los")


def a_comment(busy: BusySite, author: str) -> Comment:
    with busy.database.session() as session:
        issue = make_issue(session, make_person(session, new_name()), f"Bankje {next(numbers)} is stuk")
        writer = session.exec(select(Person).where(Person.email == f"{author}@example.nl")).one()
        return make_comment(session, writer, issue)


def statuses(answers: list[Answer]) -> set[int]:
    return {answer.status for answer in answers}


def votes(busy: BusySite, issue: Issue) -> tuple[int, int]:
    """The counter and the truth."""

    def both(session: Session) -> tuple[int, int]:
        counter = session.exec(select(Issue.vote_count).where(Issue.id == issue.id)).one()
        return counter, session.exec(select(func.count()).where(Vote.issue_id == issue.id)).one()

    return busy.ask(both)


def issues_of(busy: BusySite, form: dict[str, str]) -> list[Issue]:
    nonce = submission_of(IssueForm, form).data.nonce_of_problem
    return busy.ask(lambda session: list(session.exec(select(Issue).where(Issue.nonce == nonce))))


def comments_of(busy: BusySite, issue: Issue) -> tuple[int, int]:
    """The counter that the feed shows and the truth."""

    def both(session: Session) -> tuple[int, int]:
        counter = session.exec(select(Issue.comment_count).where(Issue.id == issue.id)).one()
        there = select(func.count()).where(Comment.thread_id == issue.thread_id, col(Comment.deleted_at).is_(None))
        return counter, session.exec(there).one()

    return busy.ask(both)


def test_32_parallel_votes_by_one_person_are_one(busy: BusySite) -> None:
    issue = an_issue(busy)
    phones = busy.residents(*(new_name() for _person in range(4)))
    taps = [lambda phone=phone: phone.post(f"/issues/{issue.id}/vote") for phone in phones for _tap in range(32)]
    random.Random(1).shuffle(taps)
    answers = at_once(taps)
    assert statuses(answers) == {303}
    assert votes(busy, issue) == (4, 4)


def test_32_parallel_taps_with_javascript_all_show_the_same_button(busy: BusySite) -> None:
    issue = an_issue(busy)
    (phone,) = busy.residents(new_name())
    tap: Callable[[], Answer] = lambda: phone.post(f"/issues/{issue.id}/vote", **{"HX-Request": "true"})  # noqa: E731
    answers = at_once([tap] * 32)
    assert statuses(answers) == {200}
    assert all('aria-pressed="true"' in answer.text for answer in answers)
    assert votes(busy, issue) == (1, 1)


def test_a_storm_of_votes_and_withdrawals_ends_in_the_truth(busy: BusySite) -> None:
    issue = an_issue(busy)
    phones = busy.residents(*(new_name() for _person in range(5)))
    born = issue.heat
    storm = [
        lambda phone=phone, path=path: phone.post(f"/issues/{issue.id}/{path}")
        for phone in phones
        for path in islice(cycle(["vote", "vote/withdrawal"]), 20)
    ]
    random.Random(2).shuffle(storm)
    assert statuses(at_once(storm)) == {303}
    counter, truth = votes(busy, issue)
    assert counter == truth
    assert statuses(
        at_once([lambda phone=phone: phone.post(f"/issues/{issue.id}/vote/withdrawal") for phone in phones])
    ) == {303}
    assert votes(busy, issue) == (0, 0)
    heat = busy.ask(lambda session: session.exec(select(Issue.heat).where(Issue.id == issue.id)).one())
    assert heat == pytest.approx(born, abs=1e-3)


def test_a_storm_of_support_for_a_comment_ends_in_the_truth(busy: BusySite) -> None:
    author = new_name()
    phones = busy.residents(author, *(new_name() for _person in range(4)))
    comment = a_comment(busy, author)
    storm = [
        lambda phone=phone, path=path: phone.post(f"/comments/{comment.id}/{path}")
        for phone in phones
        for path in islice(cycle(["support", "support/withdrawal"]), 16)
    ]
    random.Random(3).shuffle(storm)
    assert statuses(at_once(storm)) == {303}

    def both(session: Session) -> tuple[int, int]:
        counter = session.exec(select(Comment.support_count).where(Comment.id == comment.id)).one()
        return counter, session.exec(select(func.count()).where(CommentSupport.comment_id == comment.id)).one()

    counter, truth = busy.ask(both)
    assert counter == truth
    at_once(
        [lambda phone=phone: phone.post(f"/comments/{comment.id}/support") for phone in phones for _tap in range(8)]
    )
    assert busy.ask(both) == (5, 5)


@pytest.mark.parametrize("photos", [(), (a_photo(320, 240),)], ids=["words", "photo"])
def test_a_form_sent_eight_times_at_once_is_one_issue(busy: BusySite, photos: tuple[bytes, ...]) -> None:
    (phone,) = busy.residents(new_name())
    form = {**FORM, "draft": new_nonce()}
    answers = at_once([lambda: phone.post("/issues", form, photos)] * 8)
    assert statuses(answers) == {303}
    assert len({answer.location for answer in answers}) == 1
    (issue,) = issues_of(busy, form)

    def what_belongs_to_it(session: Session) -> tuple[int, int]:
        told = session.exec(
            select(func.count()).where(TimelineEntry.subject_kind == "issue", TimelineEntry.subject_id == issue.id)
        )
        return told.one(), session.exec(select(func.count()).where(Photo.issue_id == issue.id)).one()

    assert busy.ask(what_belongs_to_it) == (1, len(photos))


def test_a_form_sent_again_after_a_cut_connection_is_one_issue(busy: BusySite) -> None:
    (phone,) = busy.residents(new_name())
    forms = [{**FORM, "draft": new_nonce()} for _form in range(12)]
    for number, form in enumerate(forms):
        phone.post_and_vanish("/issues", form)
        time.sleep(0.01 * (number % 4))
        assert phone.post("/issues", form).status == 303
    assert [len(issues_of(busy, form)) for form in forms] == [1] * 12


def test_a_comment_sent_eight_times_at_once_and_again_after_a_cut_connection_is_one(busy: BusySite) -> None:
    issue = an_issue(busy)
    (phone,) = busy.residents(new_name())
    form = {"body": "Dit merk ik ook.", "nonce": new_nonce()}
    answers = at_once([lambda: phone.post(f"/issues/{issue.id}/comments", form)] * 8)
    assert statuses(answers) == {303}
    assert len({answer.location for answer in answers}) == 1
    assert comments_of(busy, issue) == (1, 1)
    for number in range(8):
        again = {"body": "En hier ook.", "nonce": new_nonce()}
        phone.post_and_vanish(f"/issues/{issue.id}/comments", again)
        time.sleep(0.01 * (number % 3))
        assert phone.post(f"/issues/{issue.id}/comments", again, **{"HX-Request": "true"}).status == 200
    assert comments_of(busy, issue) == (9, 9)


def test_a_comment_deleted_eight_times_at_once_is_gone_once(busy: BusySite) -> None:
    author = new_name()
    (phone,) = busy.residents(author)
    comment = a_comment(busy, author)
    (issue,) = busy.ask(lambda session: list(session.exec(select(Issue).where(Issue.thread_id == comment.thread_id))))
    answers = at_once([lambda: phone.post(f"/comments/{comment.id}/deletion")] * 8)
    assert statuses(answers) <= {303, 404}
    assert comments_of(busy, issue) == (0, 0)


def ask(busy: BusySite, email: str, phone: Phone) -> MailedKeys:
    """Asks for a code in this browser; what the mail would say."""
    with busy.database.session() as session:
        _asked, keys = ask_to_sign_in(session, email, "en", "/", "test", busy.settings.secret_key)
    phone.cookies["sign-in"] = keys.cookie
    return keys


def enter_codes(phones: list[Phone], codes: list[str]) -> list[Answer]:
    pairs = zip(phones, codes, strict=True)
    return at_once([lambda phone=phone, code=code: phone.post("/sign-in", {"code": code}) for phone, code in pairs])


def request_of(busy: BusySite, phone: Phone) -> SignInRequest:
    request_id = phone.cookies["sign-in"].partition(".")[0]
    return busy.ask(lambda session: session.exec(select(SignInRequest).where(SignInRequest.id == request_id)).one())


def sessions_of(busy: BusySite, email: str) -> int:
    count = select(func.count()).select_from(SignedInSession).join(Person).where(Person.email == email)
    return busy.ask(lambda session: session.exec(count).one())


def test_200_parallel_wrong_codes_are_five_comparisons(busy: BusySite) -> None:
    email = f"{new_name()}@example.nl"
    phone = busy.visitor()
    right = ask(busy, email, phone).code
    wrong = [code for code in (f"{number:06d}" for number in range(201)) if code != right][:200]
    answers = at_once([lambda code=code: phone.post("/sign-in", {"code": code}) for code in wrong])
    assert statuses(answers) == {422}
    compared = sum("code is not right" in answer.text for answer in answers)
    refused = sum("Too many wrong codes" in answer.text for answer in answers)
    assert (compared, refused) == (5, 195)
    assert request_of(busy, phone).tries == 5
    assert phone.post("/sign-in", {"code": right}).status == 422
    assert (request_of(busy, phone).tries, sessions_of(busy, email)) == (5, 0)


def test_the_right_code_typed_30_times_at_once_gives_one_session(busy: BusySite) -> None:
    email = f"{new_name()}@example.nl"
    phone = busy.visitor()
    code = ask(busy, email, phone).code
    answers = at_once([lambda: phone.post("/sign-in", {"code": code})] * 30)
    assert [answer.status for answer in answers].count(303) == 1
    assert statuses(answers) <= {303, 404, 422}
    assert sessions_of(busy, email) == 1


def test_the_link_pressed_30_times_at_once_gives_one_session(busy: BusySite) -> None:
    email = f"{new_name()}@example.nl"
    phone = busy.visitor()
    link = f"/sign-in/link/{ask(busy, email, phone).token}"
    answers = at_once([lambda: phone.post(link)] * 30)
    assert sorted(answer.status for answer in answers) == [303] + [404] * 29
    assert sessions_of(busy, email) == 1


def test_two_phones_that_sign_in_with_a_new_address_at_once_are_one_person(busy: BusySite) -> None:
    email = f"{new_name()}@example.nl"
    phones = [busy.visitor() for _phone in range(4)]
    codes = [ask(busy, email, phone).code for phone in phones]
    assert statuses(enter_codes(phones, codes)) == {303}
    assert busy.ask(lambda session: session.exec(select(func.count()).where(Person.email == email)).one()) == 1
    assert sessions_of(busy, email) == 4


@pytest.mark.parametrize("photos", [(), (a_photo(320, 240),)], ids=["words", "photo"])
def test_a_draft_published_by_two_tabs_at_once_is_one_issue(busy: BusySite, photos: tuple[bytes, ...]) -> None:
    for _round in range(3):
        email = f"{new_name()}@example.nl"
        writer = busy.visitor()
        form = {**FORM, "draft": new_nonce()}
        assert writer.post("/issues", form, photos).location.startswith("/sign-in")
        tabs = [Phone(writer.url, dict(writer.cookies)) for _tab in range(2)]
        codes = [ask(busy, email, tab).code for tab in tabs]
        assert statuses(enter_codes(tabs, codes)) == {303}
        assert all(tab.get("/me").status == 200 for tab in tabs)
        (issue,) = issues_of(busy, form)
        kept = select(func.count()).where(Draft.id == form["draft"])
        waiting = select(func.count()).where(DraftPhoto.draft_id == form["draft"])
        pictures = select(func.count()).where(Photo.issue_id == issue.id)
        left = busy.ask(lambda session, asked=(kept, waiting, pictures): [session.exec(one).one() for one in asked])
        assert left == [0, 0, len(photos)]


def test_signing_in_holds_when_another_tab_files_the_same_form_at_that_moment(busy: BusySite) -> None:
    for _round in range(6):
        name = new_name()
        (signed_in,) = busy.residents(name)
        waiting = busy.visitor()
        form = {**FORM, "draft": new_nonce()}
        waiting.post("/issues", form)
        code = ask(busy, f"{name}@example.nl", waiting).code
        answers = at_once(
            [
                lambda form=form, tab=signed_in: tab.post("/issues", form),
                lambda code=code, tab=waiting: tab.post("/sign-in", {"code": code}),
            ]
        )
        assert statuses(answers) == {303}
        assert waiting.get("/me").status == 200
        assert len(issues_of(busy, form)) == 1


def test_a_visitor_who_presses_send_four_times_at_once_keeps_one_draft_and_files_one_issue(
    busy: BusySite,
) -> None:
    email = f"{new_name()}@example.nl"
    form = {**FORM, "title": f"Vier keer {new_name()}", "draft": new_nonce()}
    phones = [busy.visitor() for _press in range(4)]
    answers = at_once([lambda phone=phone: phone.post("/issues", form) for phone in phones])
    assert statuses(answers) == {303}
    phones[2].post("/sign-in", {"code": ask(busy, email, phones[2]).code})
    filed = select(func.count()).where(Issue.title == form["title"])
    assert busy.ask(lambda session: session.exec(filed).one()) == 1


def test_a_visitor_whose_connection_broke_can_send_the_form_again(busy: BusySite) -> None:
    email = f"{new_name()}@example.nl"
    form = {**FORM, "title": f"Weer {new_name()}", "draft": new_nonce()}
    phone = busy.visitor()
    phone.post_and_vanish("/issues", form)
    time.sleep(0.2)
    assert phone.post("/issues", form).status == 303
    phone.post("/sign-in", {"code": ask(busy, email, phone).code})
    filed = select(func.count()).where(Issue.title == form["title"])
    assert busy.ask(lambda session: session.exec(filed).one()) == 1


def test_people_vote_while_20_file_with_photos(busy: BusySite) -> None:
    issue = an_issue(busy)
    writers = busy.residents(*(new_name() for _person in range(20)))
    voters = busy.residents(*(new_name() for _person in range(12)))
    photo = a_photo(1200, 900)
    forms = [{**FORM, "draft": new_nonce()} for _writer in writers]
    calls: list[Callable[[], Answer]] = [
        lambda phone=phone, form=form: phone.post("/issues", form, [photo])
        for phone, form in zip(writers, forms, strict=True)
    ]
    calls += [lambda phone=phone: phone.post(f"/issues/{issue.id}/vote") for phone in voters for _tap in range(5)]
    assert statuses(at_once(calls)) == {303}
    assert votes(busy, issue) == (12, 12)
    filed = [issues_of(busy, form) for form in forms]
    assert [len(issues) for issues in filed] == [1] * 20
    numbers_filed = [issues[0].id for issues in filed]
    pictures = select(func.count()).where(col(Photo.issue_id).in_(numbers_filed))
    assert busy.ask(lambda session: session.exec(pictures).one()) == 20


def test_afterwards_every_counter_is_the_truth(busy: BusySite) -> None:
    """Whatever happened above: counters, contents and rows agree."""

    def look(session: Session) -> None:
        alone = (col(Issue.merged_into).is_(None), Issue.merged_count == 0)
        for issue in session.exec(select(Issue).where(*alone)):
            assert issue.vote_count == session.exec(select(func.count()).where(Vote.issue_id == issue.id)).one()
        kinds = {Kind.ISSUE: Issue, Kind.COMMENT: Comment, Kind.PHOTO: Photo}
        for kind, table in kinds.items():
            contents = session.exec(select(func.count()).select_from(Content).where(Content.kind == kind)).one()
            assert contents == session.exec(select(func.count()).select_from(table)).one()

    busy.ask(look)
