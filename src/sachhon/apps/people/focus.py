"""What a person is looking at: the year and, for roles that see the whole country, the province.

The choice is kept in the session; ``?year=`` and ``?province=`` in an address win for that page, so that links
can be shared. This narrows what is shown and never widens it: every read still starts from ``visible_to``.
"""

import datetime

from django.utils.timezone import localdate

from sachhon.apps.people.scope import Reach

FIRST_YEAR = 2011  # the first annual reports under the 2009 strategy
REPORTING_SEASON_BEGINS = 11  # month: from then on people work at the report of the running year

YEAR_KEY = "year"
PROVINCE_KEY = "province"


def reporting_year(today: datetime.date) -> int:
    """The year people work at by default: the running one from 1 November on, before that the last one."""
    return today.year if today.month >= REPORTING_SEASON_BEGINS else today.year - 1


def years_on_offer(today: datetime.date) -> list[int]:
    """The years of the switch, newest first."""
    return list(range(today.year, FIRST_YEAR - 1, -1))


def as_year(text, today: datetime.date) -> int | None:
    """`text` as a year that can be looked at, else None."""
    try:
        year = int(text)
    except (TypeError, ValueError):
        return None
    return year if FIRST_YEAR <= year <= today.year else None


def current_year(request) -> int:
    """The year of this page: of the address, else the one chosen before, else the reporting year."""
    today = localdate()
    return (
        as_year(request.GET.get("year"), today)
        or as_year(request.session.get(YEAR_KEY), today)
        or reporting_year(today)
    )


def current_province(request) -> str:
    """The code of the province looked at; "" is the whole country, for the roles that see it."""
    user = request.user
    if user.reach == Reach.COUNTRY:
        asked = request.GET.get("province", "")
        if is_province_code(asked):
            return asked
        return request.session.get(PROVINCE_KEY, user.province_code)
    return user.province_code


def is_province_code(text: str) -> bool:
    """Two digits, as the provinces are numbered."""
    return len(text) == 2 and text.isascii() and text.isdigit()
