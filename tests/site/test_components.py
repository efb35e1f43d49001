"""The page of components: only in development, in every state, valid and readable."""

from app.main import create_app
from app.settings import Settings
from tests.browsing import Browser


def test_the_components_are_shown_in_development(visitor: Browser, resident: Browser) -> None:
    for browser in (visitor, resident):
        page = browser.get("/dev/components").text
        for sign in (
            'class="field-error"',
            "votes-mine",
            'id="comment-3"',
            'class="timeline-city"',
            'class="why"',
            'class="road-halt"',
            'class="chart-target"',
            'class="tally-partly"',
            'class="drawn-map"',
            'id="nothing"',
        ):
            assert sign in page, sign


def test_production_has_no_such_page(settings: Settings) -> None:
    safe = {"environment": "production", "secret_key": "x" * 40, "second_factor": "optional"}
    with Browser(create_app(settings.model_copy(update=safe))) as browser:
        assert browser.get("/dev/components").status_code == 404
