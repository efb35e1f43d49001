"""Filing through the page: signed in, signed out, twice, wrong, and with photos."""

from io import BytesIO

import pytest
from fastapi import FastAPI
from PIL import Image
from sqlmodel import Session, func, select

from app.accounts.actions import ask_to_sign_in
from app.activity.models import TimelineEntry
from app.content.models import Content, Kind
from app.core.web import cookie_name
from app.filing.models import Draft, DraftPhoto
from app.issues.models import Issue, Photo, ThemeBy
from app.settings import Settings
from app.themes.models import Theme
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import ELSEWHERE, INSIDE

NONCE = "nonce-of-this-form-0001"
FORM = {
    "title": "Donker fietspad langs de duinen",
    "description": "Na zonsondergang zie je hier niets.\n\nMijn dochter durft er niet meer te fietsen.",
    "lat": str(INSIDE[0]),
    "lon": str(INSIDE[1]),
    "precision": "exact",
    "draft": NONCE,
}


def picture(color: str = "teal", size: tuple[int, int] = (640, 480), kind: str = "JPEG") -> bytes:
    file = BytesIO()
    Image.new("RGB", size, color).save(file, kind)
    return file.getvalue()


def photos(*files: bytes) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("photos", (f"foto{number}.jpg", data, "image/jpeg")) for number, data in enumerate(files, 1)]


def count(session: Session, table: type) -> int:
    session.rollback()
    return session.exec(select(func.count()).select_from(table)).one()


def the_issue(session: Session) -> Issue:
    session.rollback()
    return session.exec(select(Issue)).one()


def sign_in(browser: Browser, app: FastAPI, settings: Settings, email: str = "nieuw@example.nl") -> object:
    """Types the code, which the test knows because it asked for it itself."""
    with app.state.database.session() as session:
        _asked, mailed = ask_to_sign_in(session, email, "nl", "/", "test", settings.secret_key)
    browser.cookies.set(cookie_name(settings, "sign-in"), mailed.cookie)
    return browser.post("/sign-in", data={"code": mailed.code})


def test_a_resident_files_an_issue(author: Browser, session: Session, cast: Cast) -> None:
    filed = author.post("/issues", data=FORM)
    assert filed.status_code == 303
    issue = the_issue(session)
    assert filed.headers["location"] == f"/issues/{issue.id}-donker-fietspad-langs-de-duinen"
    page = author.get(filed.headers["location"]).text
    assert "Donker fietspad langs de duinen" in page
    assert "Westhoek" in page
    assert issue.language == "nl"
    content = session.get(Content, issue.content_id)
    assert content is not None
    assert (content.kind, content.author_id) == (Kind.ISSUE, cast.author.id)
    assert [entry.kind for entry in session.exec(select(TimelineEntry))] == ["filed"]


def test_a_visitor_writes_first_and_signs_in_later(
    visitor: Browser, app: FastAPI, settings: Settings, session: Session
) -> None:
    kept = visitor.post("/issues", data=FORM, files=photos(picture()))
    assert kept.status_code == 303
    assert kept.headers["location"].startswith("/sign-in")
    assert count(session, Issue) == 0
    came_in = sign_in(visitor, app, settings)
    issue = the_issue(session)
    assert came_in.status_code == 303  # type: ignore[attr-defined]
    assert came_in.headers["location"] == f"/issues/{issue.id}-donker-fietspad-langs-de-duinen"  # type: ignore[attr-defined]
    assert count(session, Photo) == 1
    assert (count(session, Draft), count(session, DraftPhoto)) == (0, 0)


def test_a_draft_is_published_once_however_often_one_signs_in(
    visitor: Browser, app: FastAPI, settings: Settings, session: Session
) -> None:
    visitor.post("/issues", data=FORM)
    sign_in(visitor, app, settings)
    sign_in(visitor, app, settings)
    again = visitor.post("/issues", data=FORM)
    assert again.headers["location"] == f"/issues/{the_issue(session).id}-donker-fietspad-langs-de-duinen"


def test_somebody_elses_browser_does_not_publish_the_draft(
    visitor: Browser, app: FastAPI, settings: Settings, session: Session
) -> None:
    visitor.post("/issues", data=FORM)
    with Browser(app) as other:
        other.cookies.set("draft", "guessed-owner-key")
        sign_in(other, app, settings, "other@example.nl")
        assert other.get(f"/drafts/{NONCE}/photos").status_code == 404
    assert count(session, Issue) == 0


def test_the_same_form_sent_twice_is_one_issue(author: Browser, session: Session) -> None:
    first = author.post("/issues", data=FORM)
    second = author.post("/issues", data=FORM)
    assert first.headers["location"] == second.headers["location"]
    assert count(session, Issue) == 1


def test_another_problem_from_a_second_tab_is_not_lost(author: Browser, session: Session) -> None:
    """Two tabs share what the browser keeps, and with it the nonce."""
    other = {**FORM, "title": "Brommers racen 's nachts door de straat"}
    author.post("/issues", data=FORM)
    first, second = author.post("/issues", data=other), author.post("/issues", data=other)
    assert first.headers["location"] == second.headers["location"]
    assert count(session, Issue) == 2
    assert {issue.title for issue in session.exec(select(Issue))} == {FORM["title"], other["title"]}


def test_the_same_words_about_another_spot_are_another_issue(author: Browser, session: Session) -> None:
    author.post("/issues", data=FORM)
    author.post("/issues", data={**FORM, "lon": "4.285"})
    assert count(session, Issue) == 2


def test_a_missing_place_is_said_together_with_the_rest(author: Browser) -> None:
    refused = author.post("/issues", data={**FORM, "title": "", "lat": "", "lon": ""})
    assert 'id="title-error"' in refused.text
    assert 'id="address-error"' in refused.text


def test_somebody_elses_form_cannot_be_sent_again(author: Browser, resident: Browser) -> None:
    author.post("/issues", data=FORM)
    assert resident.post("/issues", data=FORM).status_code == 409


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"description": ""}, "description"),
        ({"description": "x" * 50_000}, "description"),
        ({"lat": "", "lon": ""}, "address"),
        ({"lon": ""}, "lat"),
        ({"lat": "north"}, "lat"),
        ({"lat": "nan"}, "lat"),
        ({"lat": "91"}, "lat"),
        ({"lat": str(ELSEWHERE[0]), "lon": str(ELSEWHERE[1])}, "lat"),
        ({"precision": "roughly"}, "precision"),
        ({"lat": "", "lon": "", "address": "x" * 201}, "address"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    author: Browser, session: Session, wrong: dict[str, str], field: str
) -> None:
    refused = author.post("/issues", data={**FORM, **wrong})
    assert refused.status_code == 422
    assert f'id="{field}-error"' in refused.text
    assert "durft er niet meer" in refused.text or "description" in wrong
    assert count(session, Issue) == 0


def test_a_field_that_was_left_empty_says_what_belongs_there(author: Browser) -> None:
    refused = author.post("/issues", data={**FORM, "title": "", "description": ""}, headers={"accept-language": "nl"})
    assert refused.status_code == 422
    assert "Schrijf wat het probleem is." in refused.text
    assert "Schrijf wat je ziet of merkt." in refused.text


def test_a_comma_is_as_good_as_a_point(author: Browser, session: Session) -> None:
    author.post("/issues", data={**FORM, "lat": "52,105", "lon": "4,275"})
    assert the_issue(session).lat == 52.105


def test_around_here_is_rounded_before_it_is_stored(author: Browser, session: Session) -> None:
    author.post("/issues", data={**FORM, "lat": "52.1051234", "lon": "4.2751234", "precision": "area"})
    one = the_issue(session)
    assert abs((one.lat or 0) - 52.1051234) > 1e-5
    author.post(
        "/issues",
        data={
            **FORM,
            "draft": "another-nonce-00001",
            "lat": "52.10513",
            "lon": "4.27513",
            "precision": "area",
        },
    )
    session.rollback()
    assert len({(issue.lat, issue.lon) for issue in session.exec(select(Issue))}) == 1


def test_a_place_in_words_alone_is_enough(author: Browser, session: Session) -> None:
    author.post("/issues", data={**FORM, "lat": "", "lon": "", "address": "Bij de watertoren"})
    issue = the_issue(session)
    assert (issue.lat, issue.address) == (None, "Bij de watertoren")


def test_photos_are_shown_without_what_the_camera_added(author: Browser, session: Session) -> None:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    Image.new("RGB", (2000, 1500), "teal").save(file, "JPEG", exif=exif)
    author.post("/issues", data={**FORM, "photo_alt": "Het pad zonder licht"}, files=photos(file.getvalue()))
    photo = session.exec(select(Photo)).one()
    assert max(photo.width, photo.height) == 1600
    shown = author.get(f"/photos/{photo.key}-large.jpg")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["cache-control"] == "private, max-age=3600"
    assert b"SecretCamera" not in shown.content
    assert "Het pad zonder licht" in author.get(f"/issues/{photo.issue_id}").text


def test_a_file_that_is_no_photo_is_refused_and_the_good_one_kept(author: Browser, session: Session) -> None:
    refused = author.post("/issues", data=FORM, files=photos(picture(), b"<svg onload=alert(1)>"))
    assert refused.status_code == 422
    assert 'id="photos-error"' in refused.text
    assert count(session, DraftPhoto) == 1
    assert "durft er niet meer" in refused.text
    filed = author.post("/issues", data=FORM)
    assert filed.status_code == 303
    assert count(session, Photo) == 1


def test_photos_stay_when_something_else_is_wrong(author: Browser, session: Session) -> None:
    refused = author.post("/issues", data={**FORM, "title": ""}, files=photos(picture()))
    assert refused.status_code == 422
    key = session.exec(select(DraftPhoto.key)).one()
    assert key in refused.text
    assert author.post("/issues", data=FORM).status_code == 303
    session.rollback()
    assert session.exec(select(Photo.key)).one() == key


def test_six_photos_are_too_many(author: Browser, session: Session) -> None:
    refused = author.post("/issues", data=FORM, files=photos(*[picture(size=(64, 48))] * 6))
    assert refused.status_code == 422
    assert 'id="photos-error"' in refused.text
    assert count(session, DraftPhoto) == 5


def test_photos_can_be_added_and_removed_while_typing(visitor: Browser, session: Session) -> None:
    added = visitor.post(
        "/drafts/photos", data={"draft": NONCE}, files=photos(picture()), headers={"HX-Request": "true"}
    )
    assert added.status_code == 200
    key = session.exec(select(DraftPhoto.key)).one()
    assert key in added.text
    assert visitor.get(f"/photos/{key}-small.jpg").status_code == 200
    assert visitor.get(f"/issues/new?draft={NONCE}").text.count(key) >= 1
    removed = visitor.htmx("POST", f"/drafts/{NONCE}/photos/{key}/removal")
    assert key not in removed.text
    assert visitor.get(f"/photos/{key}-small.jpg").status_code == 404


def test_a_draft_photo_is_for_its_own_browser_only(visitor: Browser, resident: Browser, session: Session) -> None:
    visitor.post("/drafts/photos", data={"draft": NONCE}, files=photos(picture()))
    key = session.exec(select(DraftPhoto.key)).one()
    assert resident.get(f"/photos/{key}-large.jpg").status_code == 404


def test_a_suspended_person_cannot_file(browser_of, cast: Cast, session: Session) -> None:  # type: ignore[no-untyped-def]
    assert browser_of(cast.suspended).post("/issues", data=FORM).status_code == 403
    assert count(session, Issue) == 0


def test_the_author_corrects_and_it_is_matched_anew(author: Browser, session: Session) -> None:
    author.post("/issues", data=FORM)
    issue = the_issue(session)
    assert "Donker fietspad" in author.get(f"/issues/{issue.id}/edit").text
    saved = author.post(f"/issues/{issue.id}/edit", data={**FORM, "title": "Geen licht op het fietspad"})
    assert saved.status_code == 303
    session.expire_all()
    issue = the_issue(session)
    assert (issue.title, issue.edited_at) == ("Geen licht op het fietspad", None)
    refused = author.post(f"/issues/{issue.id}/edit", data={**FORM, "title": ""})
    assert refused.status_code == 422


def test_without_javascript_suggestions_come_with_the_whole_form_and_the_photos(
    author: Browser, visitor: Browser, session: Session
) -> None:
    author.post("/issues", data=FORM)
    typed = {**FORM, "draft": "another-nonce-00001", "title": "Geen licht op fietspad duinen"}
    page = visitor.post("/issues/suggestions", data=typed, files=photos(picture()))
    assert page.status_code == 200
    assert "Donker fietspad langs de duinen" in page.text
    assert 'value="Geen licht op fietspad duinen"' in page.text
    key = session.exec(select(DraftPhoto.key)).one()
    assert key in page.text
    assert key not in author.post("/issues/suggestions", data=typed).text, "a draft is for its own browser"


def test_while_typing_only_the_suggestions_come_back(author: Browser, visitor: Browser) -> None:
    author.post("/issues", data=FORM)
    fragment = visitor.htmx("POST", "/issues/suggestions", data={"title": "Geen licht op fietspad langs de duinen"})
    assert "<html" not in fragment.text
    assert "Donker fietspad langs de duinen" in fragment.text
    assert visitor.htmx("POST", "/issues/suggestions", data={"title": "x" * 9000}).status_code == 200


def test_an_issue_without_a_theme_goes_under_its_likely_one_until_somebody_chooses(
    author: Browser, session: Session
) -> None:
    author.post(
        "/issues", data={**FORM, "title": "Auto's rijden te hard", "description": "Fietsen en oversteken is eng."}
    )
    issue = the_issue(session)
    assert issue.theme_by == ThemeBy.MATCHER
    theme = session.get(Theme, issue.theme_id)
    assert theme is not None
    assert theme.slug == "mobility"
    author.post(f"/issues/{issue.id}/edit", data={**FORM, "title": "Qwxz", "description": "Vlkj prtz."})
    session.expire_all()
    assert (the_issue(session).theme_id, the_issue(session).theme_by) == (None, None)


def test_the_theme_that_the_author_chose_stays(author: Browser, session: Session) -> None:
    author.post("/issues", data={**FORM, "theme": "tourism-recreation"})
    issue = the_issue(session)
    author.post(f"/issues/{issue.id}/edit", data={**FORM, "title": "Auto's rijden te hard"})
    session.expire_all()
    assert the_issue(session).theme_by == ThemeBy.AUTHOR
    theme = session.get(Theme, the_issue(session).theme_id)
    assert theme is not None
    assert theme.slug == "tourism-recreation"
