"""Small helpers of the quick assessment's templates."""

from decimal import Decimal

from django import template
from django.utils.translation import get_language

from sachhon.apps.assessment.queries import quick as queries
from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.queries.quick_uses import kind_name
from sachhon.documents import numbers

register = template.Library()
register.filter("reply", queries.reply_text)


@register.filter
def get(mapping, key):
    """The value of a key that is made in the template; "" where there is none."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def million(vnd) -> str:
    """Money in millions: no digits after the comma from ten on, one below."""
    if vnd is None:
        return numbers.UNKNOWN
    amount = Decimal(vnd) / 1_000_000
    return numbers.format_number(amount, "en" if get_language() == "en" else "vi", 0 if amount >= 10 else 1)


@register.filter
def millions(vnd) -> str:
    """A range of money in millions; one number where both ends read the same."""
    return numbers.UNKNOWN if not vnd else "–".join(dict.fromkeys(map(million, vnd)))


@register.filter
def span(ends, decimals=1) -> str:
    """A range of numbers; one number where both ends read the same."""
    lang = "en" if get_language() == "en" else "vi"
    if not ends:
        return numbers.UNKNOWN
    low, high = ends
    return numbers.format_interval(low, high, lang, int(decimals), "")


@register.filter
def span_pct(ends, decimals=1) -> str:
    """A range in percent."""
    return f"{text}%" if (text := span(ends, decimals)) != numbers.UNKNOWN else text


register.filter("kind_name", kind_name)


@register.inclusion_tag("assessment/quick/front.html", takes_context=True)
def quick_front(context, assessment):
    """What stands on the front page of a quick assessment."""
    user = context["request"].user
    sheet = queries.sheet_of_visible(user, assessment)
    answered, asked = queries.progress(sheet) if sheet else (0, 0)
    return {
        "assessment": assessment,
        "sheet": sheet,
        "answered": answered,
        "asked": asked,
        "open_conflicts": queries.open_conflicts(sheet).count() if sheet else 0,
        "may_edit": may_edit(user, assessment),
        "may_follow": sheet is not None and user.may("assessment.edit"),
    }
