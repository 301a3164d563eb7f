"""Small things of the province's pages: a target as a bar, money in millions."""

from decimal import Decimal

from django import template

from sachhon.apps.people.today import Bar
from sachhon.documents.model import TargetRow

register = template.Library()


@register.filter
def millions(vnd):
    """VND in millions, for a column that says so in its head."""
    return None if vnd is None else Decimal(vnd).scaleb(-6)


@register.filter
def as_bar(target: TargetRow) -> Bar:
    """A target of the province's figures as the bar of the page "Today"."""
    return Bar(
        value=target.estimate,
        target=target.target_low or Decimal(0),
        target_high=target.target_high,
        low=target.interval_low,
        high=target.interval_high,
    )
