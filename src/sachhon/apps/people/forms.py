"""Forms of the people room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sachhon import reference
from sachhon.apps.people.models import Organisation, Role, User


class UserForm(forms.Form):
    """An account; the password is asked for only when it is made."""

    username = forms.CharField(label=_("User name"), max_length=150)
    last_name = forms.CharField(label=_("Family and middle name"), max_length=150, required=False)
    first_name = forms.CharField(label=_("Given name"), max_length=150, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), required=False
    )
    province_code = forms.ChoiceField(label=_("Province"), required=False)
    is_active = forms.BooleanField(label=_("The account is open"), required=False, initial=True)
    password = forms.CharField(label=_("First password"), widget=forms.PasswordInput, required=False)

    def __init__(self, *args, user: User, existing: User | None = None, **kwargs):
        if existing is not None:
            kwargs["initial"] = {
                name: getattr(existing, name) for name in self.base_fields if name != "password"
            }
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.visible_to(user)
        provinces = [
            (a.code, a.name) for a in reference.all_areas() if a.level == "province" and a.valid_to is None
        ]
        self.fields["province_code"].choices = [("", "–"), *provinces]
        if existing is not None:
            del self.fields["password"]
        else:
            del self.fields["is_active"]
            self.fields["password"].required = True
