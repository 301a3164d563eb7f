"""Forms of the assessment room: they parse and say what is missing; rules live in the services."""

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.models import Kind
from sachhon.apps.assessment.services.opening import TEAM_ROLES
from sachhon.apps.people.models import Role, User


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class OpenForm(forms.Form):
    """What an assessment needs to begin: how deep, over which figures, why."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    by_factory = forms.BooleanField(label=_("We do it ourselves; an expert then reviews it"), required=False)
    data_from = forms.DateField(label=_("Figures from"), widget=_Day)
    data_to = forms.DateField(label=_("Figures to"), widget=_Day)
    reason = forms.CharField(
        label=_("Reason or request"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "What should be looked at: a bill that rises, waste that is hard to get rid of, a new line."
        ),
    )

    def __init__(self, *args, user: User, today: datetime.date, **kwargs):
        super().__init__(*args, **kwargs)
        if user.role != Role.FACTORY:
            del self.fields["by_factory"]
        last_month_ends = today.replace(day=1) - datetime.timedelta(days=1)
        self.fields["data_to"].initial = last_month_ends
        self.fields["data_from"].initial = _a_year_before(last_month_ends)


class PlanForm(forms.Form):
    """The day of the visit and the period of the figures."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    visit_on = forms.DateField(label=_("Day of the visit"), widget=_Day, required=False)
    data_from = forms.DateField(label=_("Figures from"), widget=_Day)
    data_to = forms.DateField(label=_("Figures to"), widget=_Day)


class MemberForm(forms.Form):
    """A person of the team and what they do in it."""

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    duty = forms.CharField(label=_("Task in the team"), required=False, max_length=255)

    def __init__(self, *args, actor: User, assessment, **kwargs):
        super().__init__(*args, **kwargs)
        members = assessment.members.values("user")
        people = User.objects.filter(
            province_code=assessment.facility.province_code, role__in=TEAM_ROLES, is_active=True
        )
        self.fields["user"].queryset = people.exclude(pk__in=members)


class CommentForm(forms.Form):
    """A comment on an assessment or on one place in it."""

    text = forms.CharField(label=_("Comment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    place = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


def _a_year_before(day: datetime.date) -> datetime.date:
    """The first day of the twelve months that end on `day`."""
    after = day + datetime.timedelta(days=1)
    return after.replace(year=after.year - 1)
