"""Dates in EDTF in their order."""

from __future__ import annotations

import pytest

from transfergraph.common.edtf_order import chronological


def test_a_season_stands_at_its_first_month_and_a_year_before_its_parts() -> None:
    dates = [
        *("", "2018", "2018-10", "2018-24", "2018-12-31", "2019", "2019-21", "2019-03-12"),
        *("2019-22", "2019-23", "2019-11", "2019-12~", "2020"),
    ]
    backwards = dates[::-1]
    assert sorted(backwards, key=chronological) == dates


@pytest.mark.parametrize("other", ["", "heute", "2019/2020", "2019-12-31-1", "\u0662019", "2019-Q1"])
def test_what_is_no_date_comes_first(other: str) -> None:
    assert chronological(other) == (0, 0, 0)
