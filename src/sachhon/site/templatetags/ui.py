"""Small things every page needs: numbers, money and dates as officers write them, icons, states, figures.

A builtin: templates use these tags and filters without ``{% load %}``.
"""

from decimal import Decimal, InvalidOperation

from babel.dates import format_date
from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from sachhon.documents import numbers
from sachhon.site.devices import device_of
from sachhon.site.states import sign_of

register = template.Library()


@register.filter
def number(value, decimals=None) -> str:
    """{{ 1234.5|number:2 }} → 1.234,50; what is not known is "–", never 0."""
    return numbers.format_number(_decimal(value), _lang(), None if decimals is None else int(decimals))


@register.filter
def quantity(value) -> str:
    """{{ 21003.8|quantity }} → 21.004, {{ 0.02646|quantity }} → 0,0265: as many digits as are worth reading."""
    return numbers.format_quantity(_decimal(value), _lang())


@register.filter
def pct(value, decimals=1) -> str:
    """{{ 45.24|pct }} → 45,2%: the value is already in percent."""
    return numbers.format_percent(_decimal(value), _lang(), int(decimals))


@register.filter
def vnd(value, scale="vnd") -> str:
    """{{ cost|vnd }} → 1.234.000 đồng; {{ cost|vnd:"million" }} → 1 triệu đồng (thousand, million, billion)."""
    return numbers.format_vnd(_decimal(value), _lang(), scale)


@register.filter(expects_localtime=True)
def date_vn(value) -> str:
    """24/11/2026, in English 24 Nov 2026; a moment counts by the clock of Hà Nội."""
    return numbers.format_date_short(value, _lang())


@register.filter
def date_words(value) -> str:
    """Thứ Ba, 24 tháng 11, 2026: the day as it is said."""
    return (
        format_date(value, "full", locale="en_GB" if _lang() == "en" else "vi_VN")
        if value
        else numbers.UNKNOWN
    )


@register.filter
def change(value, last) -> Decimal | None:
    """How much `value` differs from `last`, in percent of `last`; None when it cannot be told."""
    now, before = _decimal(value), _decimal(last)
    if now is None or not before:
        return None
    return (now - before) / abs(before) * 100


@register.filter
def signed_pct(value) -> str:
    """{{ field.value|change:last|signed_pct }} → +3,1% or −12,0%."""
    amount = _decimal(value)
    if amount is None:
        return numbers.UNKNOWN
    return f"{'−' if amount < 0 else '+'}{numbers.format_percent(abs(amount), _lang())}"


@register.filter
def control(field, kind="") -> SafeString:
    """The input of a form field with our classes, its hint and its errors tied to it for readers."""
    widget = field.field.widget
    is_choice = hasattr(widget, "choices")
    is_tick = getattr(widget, "input_type", "") in ("checkbox", "radio")
    css = "form-check-input" if is_tick else "form-select" if is_choice else "form-control"
    attrs = {"class": " ".join(filter(None, (widget.attrs.get("class"), css, kind)))}
    described = [f"{field.auto_id}_hint"] if field.help_text else []
    if field.errors:
        attrs["class"] += " is-invalid"
        attrs["aria-invalid"] = "true"
        described.append(f"{field.auto_id}_error")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)


@register.filter
def is_tick(field) -> bool:
    """Whether a form field is one box to tick: its label then stands behind it."""
    return getattr(field.field.widget, "input_type", "") == "checkbox"


@register.filter
def device(user_agent: str) -> str:
    """{{ session.user_agent|device }} → Chrome · Windows."""
    return device_of(user_agent)


@register.filter
def without_count(title: str, count) -> str:
    """The words of "25 facilities late" where the 25 already stands before them in a column of its own."""
    words = title.removeprefix(f"{count} ").removeprefix(f"{number(count, 0)} ")
    return words[:1].upper() + words[1:]


@register.filter
def any_set(filters) -> bool:
    """Whether one of the filters of includes/filters.html has a value."""
    return any(f.get("value") for f in filters or [])


@register.filter
def at(items, index):
    """The item of a list at `index`."""
    return items[index]


@register.filter
def page_numbers(page) -> list[int | None]:
    """The pages to offer around the present one; None stands for a gap."""
    gap = page.paginator.ELLIPSIS
    offered = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [None if n == gap else n for n in offered]


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """{% icon "bell" %}: decoration beside a word; with a label it speaks for itself."""
    shown = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" {} focusable="false"><use href="{}#{}"></use></svg>',
        shown,
        static("vendor/icons/sprite.svg"),
        name,
    )


@register.simple_tag
def figure(code: str, value, unit: str = "", decimals=None) -> SafeString:
    """A derived figure: opens "Số này từ đâu?" in the side panel, or as a page of its own without script.

    `decimals` "sensible" prints as many digits as are worth reading, so that a small figure is no 0,000.
    """
    text = quantity(value) if decimals == "sensible" else number(value, decimals)
    space = "" if unit == "%" else " "  # as in the targets beside it and in the documents: 84,2%
    shown = format_html('{}<span class="unit">{}{}</span>', text, space, unit) if unit else text
    if not code:
        return format_html('<span class="num">{}</span>', shown)
    return format_html(
        '<a class="figure" href="{}" data-panel title="{}">{}</a>',
        reverse("registry:figure", args=[code]),
        gettext("Where does this figure come from?"),
        shown,
    )


@register.simple_tag(name="state")
def state_badge(code, label="") -> SafeString:
    """{% state report.state report.get_state_display %}: colour, sign and word of a state."""
    sign = sign_of(str(code))
    return format_html(
        '<span class="state state-{}">{}{}</span>',
        sign.level,
        icon(sign.icon),
        label or (gettext(sign.label) if sign.label else ""),
    )


@register.simple_tag(takes_context=True)
def qs(context, **changes) -> str:
    """This page's query string with some keys changed: {% qs page=2 %}; None or "" takes a key away.

    Any change but that of the page itself starts again at page 1. A list gives a key several values.
    """
    query = context["request"].GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        elif isinstance(value, list | tuple):
            query.setlist(key, [str(v) for v in value])
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def qs_set(context, key: str, value) -> str:
    """Like {% qs %} where the key is known only on the page: {% qs_set filter.name value %}."""
    return qs(context, **{key: value})


@register.simple_tag(takes_context=True)
def hidden_query(context, *left_out: str) -> SafeString:
    """This page's query as hidden inputs, so that a search form keeps the filters; `left_out` are not kept."""
    pairs = [(k, v) for k, values in context["request"].GET.lists() if k not in left_out for v in values]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag(takes_context=True)
def sort_link(context, key: str, label: str, unit: str = "") -> SafeString:
    """The words of a column head that sort by it: ascending, then descending (?sort=key, ?sort=-key)."""
    current = context["request"].GET.get("sort", "")
    target, sign = {key: (f"-{key}", "arrow-up"), f"-{key}": (key, "arrow-down")}.get(
        current, (key, "arrows-sort")
    )
    return format_html(
        '<a class="sort{}" href="{}">{}{}{}</a>',
        " is-sorted" if current.lstrip("-") == key else "",
        qs(context, sort=target),
        label,
        format_html(' <span class="unit">({})</span>', unit) if unit else "",
        icon(sign),
    )


@register.simple_tag(takes_context=True)
def th(context, label: str, unit: str = "", sort: str = "", num: bool = False) -> SafeString:
    """A whole column head: {% th _("Output") unit="t" sort="output" num=True %}."""
    current = context["request"].GET.get("sort", "") if sort else ""
    order = {sort: "ascending", f"-{sort}": "descending"}.get(current) if sort else None
    if sort:
        inner = sort_link(context, sort, label, unit)
    else:
        inner = format_html('{} <span class="unit">({})</span>', label, unit) if unit else label
    return format_html(
        '<th scope="col"{}{}>{}</th>',
        mark_safe(' class="num"') if num else "",
        format_html(' aria-sort="{}"', order) if order else "",
        inner,
    )


@register.simple_tag
def target_bar(bar) -> SafeString:
    """A target as one bar: above it the mark to be reached, or the bracket of a range; in it how far it is; below it
    the interval, as a line with ends (people.today.Bar)."""
    reached = [] if bar.value is None else [(f"{bar.on(bar.value):.2f}",)]
    aims = [bar.target, bar.target_high] if bar.is_range else [bar.target]
    lines = [("bar-target", bar.on(aim), bar.on(aim), 2, 17) for aim in aims]
    if bar.is_range:
        lines.append(("bar-target", bar.on(bar.target), bar.on(bar.target_high), 2, 2))
    if bar.has_interval:
        low, high = bar.on(bar.low), bar.on(bar.high)
        lines += [("bar-interval", low, high, 21, 21), *(("bar-interval", x, x, 18, 24) for x in (low, high))]
    spoken = gettext("%(value)s reached, %(target)s wanted") % {
        "value": pct(bar.value),
        "target": target_words(bar),
    }
    if bar.has_interval:
        spoken += f", {interval_words(bar)}"
    return format_html(
        '<svg class="target-bar" role="img" aria-label="{}"><rect class="bar-track" width="100%" y="5" height="11">'
        "</rect>{}{}</svg>",
        spoken,
        format_html_join("", '<rect class="bar-reached" width="{}%" y="5" height="11"></rect>', reached),
        format_html_join(
            "",
            '<line class="{}" x1="{}%" x2="{}%" y1="{}" y2="{}"></line>',
            [(name, f"{x1:.2f}", f"{x2:.2f}", y1, y2) for name, x1, x2, y1, y2 in lines],
        ),
    )


@register.filter
def target_words(bar) -> str:
    """What a bar is to reach, as the plan says it: 90% or 8–13%."""
    return f"{number(bar.target)}–{number(bar.target_high)}%" if bar.is_range else f"{number(bar.target)}%"


@register.filter
def interval_words(bar) -> str:
    """The interval of a bar, in words: "interval 41.2 to 49.8%"; what to think where there is none."""
    if bar.value is None:
        return ""
    if not bar.has_interval:
        return gettext("no interval yet")
    return gettext("interval %(low)s to %(high)s%%") % {
        "low": number(bar.low, 1),
        "high": number(bar.high, 1),
    }


@register.simple_tag
def days_left(day, today) -> str:
    """How far a day is: "in 21 days", "today", "3 days late"."""
    left = (day - today).days
    if left == 0:
        return gettext("today")
    if left > 0:
        return ngettext("in %(n)d day", "in %(n)d days", left) % {"n": left}
    return ngettext("%(n)d day late", "%(n)d days late", -left) % {"n": -left}


def _lang():
    return "en" if get_language() == "en" else "vi"


def _decimal(value) -> Decimal | None:
    """A number of a page as a Decimal; None for what is no number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
