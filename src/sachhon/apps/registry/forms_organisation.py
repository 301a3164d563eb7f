"""The form of an organisation; what may be stored is the services' to say."""

from functools import cache

from django import forms
from django.utils.translation import gettext_lazy as _

from sachhon import reference
from sachhon.apps.people.models import Organisation
from sachhon.apps.people.scope import Reach
from sachhon.apps.registry.services.organisations import kinds_kept_by, stamp


@cache
def provinces() -> dict[str, str]:
    """Code → name of the provinces of today."""
    found = reference.all_areas()
    return {a.code: a.name for a in found if a.level == "province" and a.valid_to is None}


def province_name(code: str) -> str:
    """The name of a province of today; "" for none, the code where it is none of them."""
    return provinces().get(code, code)


class OrganisationForm(forms.Form):
    """Name, kind and tax code; the province is asked of those alone who work in more than one."""

    name = forms.CharField(label=_("Name"), max_length=255)
    kind = forms.ChoiceField(label=_("Kind"))
    tax_code = forms.CharField(label=_("Tax code"), max_length=18, required=False)
    province_code = forms.ChoiceField(label=_("Province"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, user, existing: Organisation | None = None, **kwargs):
        if existing is not None:
            fields = ("name", "kind", "tax_code", "province_code")
            kwargs["initial"] = {name: getattr(existing, name) for name in fields} | {"seen": stamp(existing)}
        super().__init__(*args, **kwargs)
        kept = kinds_kept_by(user)
        self.fields["kind"].choices = [
            (code, words) for code, words in Organisation.Kind.choices if code in kept
        ]
        self.fields["province_code"].choices = [("", "–"), *provinces().items()]
        if user.reach != Reach.COUNTRY:
            del self.fields["province_code"]
        if existing is None:
            del self.fields["seen"]

    @property
    def values(self) -> dict[str, str]:
        """What the services are given."""
        fields = ("name", "kind", "tax_code", "province_code")
        return {name: self.cleaned_data.get(name, "") for name in fields}

    def stored_now(self, organisation: Organisation) -> list[tuple[str, str]]:
        """What somebody else stored, by field in words; saving again then goes over it knowingly."""
        self.data = self.data.copy()
        self.data["seen"] = stamp(organisation)
        stored = {
            "name": organisation.name,
            "kind": organisation.get_kind_display(),
            "tax_code": organisation.tax_code,
            "province_code": province_name(organisation.province_code),
        }
        return [(field.label, stored[name]) for name, field in self.fields.items() if name in stored]
