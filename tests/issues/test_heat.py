from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.issues.heat import HALF_LIFE, START, cooled, heat_at_birth, heated

moments = st.integers(0, 10 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))


@given(st.lists(moments, min_size=1, max_size=20), moments)
def test_heat_is_the_logarithm_of_votes_that_halve_every_week(votes: list[datetime], filed: datetime) -> None:
    heat = heat_at_birth(filed)
    for vote in votes:
        heat = heated(heat, vote)
    newest = max([filed, *votes])
    total = sum(2 ** ((moment - newest) / HALF_LIFE) for moment in [filed, *votes])
    assert 2 ** (heat - heat_at_birth(newest)) == pytest.approx(total)


@given(moments, moments)
def test_withdrawing_undoes_a_vote(filed: datetime, vote: datetime) -> None:
    warm = heated(heat_at_birth(filed), vote)
    weight_of_the_rest = 2 ** (heat_at_birth(filed) - warm)
    if weight_of_the_rest > 1e-6:
        assert cooled(warm, vote, filed) == pytest.approx(heat_at_birth(filed), abs=1e-4)
    assert cooled(warm, vote, filed) >= heat_at_birth(filed)


def test_ten_votes_of_this_week_are_above_ten_of_last_month() -> None:
    filed = START
    old = new = heat_at_birth(filed)
    for _vote in range(10):
        old = heated(old, START + timedelta(days=30))
        new = heated(new, START + timedelta(days=60))
    assert new > old
