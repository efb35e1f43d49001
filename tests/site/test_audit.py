"""`make audit` looks at every page: a new one is looked at from its first day."""

from scripts.audit.pages import (
    ALSO_SEEN_BY,
    MOVED_ON,
    NOT_PAGES,
    NOT_REFUSED,
    QUERIES,
    ROWS,
    SEEN_ONLY_BY,
    has_rows,
    names_what_is_own,
    page_routes,
    page_with_the_same_row,
)
from tests.site.everywhere import FORMS
from tests.site.matrix import MATRIX


def test_something_is_filled_in_for_every_page() -> None:
    assert [route for route in page_routes() if not has_rows(route)] == []


def test_every_form_that_asks_for_something_is_sent_empty() -> None:
    sent = [route for route in FORMS if names_what_is_own(route) or page_with_the_same_row(route)]
    assert set(FORMS) - set(sent) - NOT_REFUSED == set()


def test_nothing_is_filled_in_for_pages_that_are_gone() -> None:
    routes = {path for _method, path in MATRIX}
    assert {*NOT_PAGES, *MOVED_ON, *ROWS, *QUERIES, *ALSO_SEEN_BY, *SEEN_ONLY_BY} <= routes
