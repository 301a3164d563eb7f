"""Small things of the province's pages: a target as a bar, money in millions."""

from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext

from sachhon.documents.model import TargetRow
from sachhon.documents.numbers import format_percent

register = template.Library()
SMALL = 25  # percent; below it a bar has a scale of its own, so that a saving can be seen at all


@register.filter
def millions(vnd):
    """VND in millions, for a column that says so in its head."""
    return None if vnd is None else Decimal(vnd).scaleb(-6)


@register.simple_tag
def province_bar(target: TargetRow):
    """How far a target is: the value, the interval around it, the mark to be reached."""
    aim = target.target_low or Decimal(0)
    ends = [v for v in (target.target_high, aim, target.interval_high, target.estimate) if v is not None]
    scale = max(max(ends) * Decimal("1.25"), Decimal(1)) if aim <= SMALL else Decimal(100)

    def on(value: Decimal) -> Decimal:
        return min(max(value, Decimal(0)) * 100 / scale, Decimal(100))

    parts = []
    if target.estimate is not None:
        parts.append(("reached", "0", f"{on(target.estimate):.2f}"))
    if target.interval_low is not None and target.interval_high is not None:
        low, high = on(target.interval_low), on(target.interval_high)
        parts.append(("interval", f"{low:.2f}", f"{high - low:.2f}"))
    lang = "en" if get_language() == "en" else "vi"
    spoken = gettext("%(value)s reached, %(target)s wanted") % {
        "value": format_percent(target.estimate, lang),
        "target": target.target_text,
    }
    return format_html(
        '<svg class="target-bar" role="img" aria-label="{}">{}'
        '<line class="bar-target" x1="{}%" x2="{}%" y1="-3" y2="17"></line></svg>',
        spoken,
        format_html_join("", '<rect class="bar-{}" x="{}%" width="{}%" y="0" height="100%"></rect>', parts),
        f"{on(aim):.2f}",
        f"{on(aim):.2f}",
    )
