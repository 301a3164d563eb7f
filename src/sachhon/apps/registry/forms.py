"""Forms of the registry: they parse and say what is missing; rules live in the services."""

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.models import Role, User
from sachhon.apps.registry.closed_costs import ClosedCosts
from sachhon.apps.registry.models import Area, Facility, Record, Sector, Trade
from sachhon.apps.registry.queries.records import record_like
from sachhon.apps.registry.services.enterprises import NewEnterprise, resolve_enterprise
from sachhon.apps.registry.services.facilities import EDITABLE, EDITABLE_BY_FACTORY
from sachhon.apps.registry.services.organisations import label_of
from sachhon.documents.numbers import format_number
from sachhon.reference import normalise_unit
from sachhon.workbooks.values import parse_number

NEW_COMPANY = ("enterprise_name", "enterprise_tax_code")


class VietnameseDecimal(forms.CharField):
    """A number as people here write it: 1.234,5. Anything that is no number is told so."""

    def __init__(self, *, whole: bool = False, signed: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.whole = whole
        self.signed = signed
        self.widget.attrs["inputmode"] = "decimal"

    def to_python(self, value):
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        number = parse_number(text)
        if number is None:
            raise forms.ValidationError(
                _("“%(text)s” is not a number. Write 1.234,5."), params={"text": text}
            )
        if number < 0 and not self.signed:
            raise forms.ValidationError(_("This cannot be negative."))
        if self.whole and number != int(number):
            raise forms.ValidationError(_("Write a whole number."))
        return int(number) if self.whole else number


class FacilityForm(forms.ModelForm):
    """Identity of a facility. A factory is offered only what it may change about itself.

    The enterprise is typed, with those that match offered below the field; for a facility that is being
    registered, a company not known yet is entered on this very form.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    enterprise = forms.CharField(
        label=_("Enterprise"),
        max_length=300,
        required=False,
        widget=forms.TextInput(
            attrs={
                "list": "enterprises",
                "autocomplete": "off",
                "hx-get": reverse_lazy("registry:enterprises"),
                "hx-trigger": "focus once, input changed delay:250ms",
                "hx-target": "#enterprises",
                "hx-sync": "this:replace",
            }
        ),
        help_text=_("Type some letters of the name, or the tax code, and choose from the list."),
    )
    enterprise_name = forms.CharField(
        label=_("Or a new company: its name"),
        max_length=255,
        required=False,
        help_text=_("Only for a company that is not registered yet: leave the field above empty then."),
    )
    enterprise_tax_code = forms.CharField(
        label=_("Tax code of the new company"),
        max_length=18,
        required=False,
        help_text=_("The facility gets it too when its own tax code is left empty."),
    )

    class Meta:
        model = Facility
        fields = list(EDITABLE)
        widgets = {
            "started_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "closed_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if self.instance.pk is None:
            del self.fields["version"]
            names = [name for name in self.fields if name not in NEW_COMPANY]
            at = names.index("enterprise") + 1
            self.order_fields([*names[:at], *NEW_COMPANY, *names[at:]])
        else:
            self.initial["version"] = self.instance.version
            self.initial["enterprise"] = label_of(self.instance.enterprise)
            for name in NEW_COMPANY:
                del self.fields[name]
        if user.role == Role.FACTORY:
            for name in set(EDITABLE) - set(EDITABLE_BY_FACTORY):
                del self.fields[name]
            return
        province = self.instance.province_code or user.province_code
        self.fields["area"].queryset = Area.objects.filter(
            province_code=province, level=Area.Level.COMMUNE, valid_to=None
        )
        self.fields["sector"].queryset = Sector.objects.filter(code__regex=r"^\d{4}$")
        self.fields["trade"].queryset = Trade.objects.all()

    def clean_enterprise(self):
        text = self.cleaned_data["enterprise"]
        current = self.instance.enterprise if self.instance.enterprise_id else None
        return resolve_enterprise(self.user, text, current) if text else None

    def clean(self):
        """One enterprise: a registered one or a new one."""
        values = super().clean()
        if "enterprise" not in self.fields or "enterprise" in self.errors:
            return values
        chosen = values.get("enterprise")
        new = NewEnterprise(*(values.pop(name, "") for name in NEW_COMPANY))
        if chosen and (new.name or new.tax_code):
            self.add_error(
                "enterprise_name",
                _("Choose a registered company or enter a new one, not both: empty one of the two."),
            )
        elif not chosen and not (new.name or new.tax_code):
            self.add_error(
                "enterprise",
                _("Choose the company from the list, or enter a new one below.")
                if self.instance.pk is None
                else _("Choose the company from the list."),
            )
        elif not chosen:
            values["enterprise"] = new
        return values

    def _post_clean(self):
        """Nothing is written into the instance here: the service does it, on the row as it then is."""

    @property
    def changes(self) -> dict:
        """What the service is given: every field but the version; a new company stands as the enterprise."""
        left_out = {"version", *NEW_COMPANY}
        return {name: self.cleaned_data[name] for name in self.fields if name not in left_out}


class YearForm(forms.Form):
    """What decides the size class of a year."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    employees = VietnameseDecimal(label=_("Employees"), required=False, whole=True)
    revenue_vnd = VietnameseDecimal(label=_("Revenue (VND)"), required=False, whole=True)
    capital_vnd = VietnameseDecimal(label=_("Capital (VND)"), required=False, whole=True)


class ProductForm(forms.Form):
    """A product and the unit its output is kept in."""

    name = forms.CharField(label=_("Product"), max_length=255)
    unit = forms.CharField(label=_("Unit"), max_length=16)
    norm_weight = VietnameseDecimal(
        label=_("Weight in the mix"),
        required=False,
        help_text=_(
            "Consumption per unit relative to the main product, by design or norm; 1 when not known."
        ),
    )

    def clean_unit(self):
        unit = normalise_unit(self.cleaned_data["unit"])
        if unit is None:
            raise forms.ValidationError(_("Unknown unit. Write for example: tấn, m3, 1000 viên, kWh."))
        return unit


class RecordForm(forms.Form):
    """One monthly record, typed by hand."""

    item = forms.ChoiceField(label=_("Product or resource"))
    month = forms.RegexField(
        r"^\d{4}-\d{2}$", label=_("Month"), widget=forms.TextInput(attrs={"type": "month"})
    )
    quantity = VietnameseDecimal(label=_("Quantity"))
    unit = forms.CharField(label=_("Unit"), max_length=64)
    cost_vnd = VietnameseDecimal(label=_("Cost (VND)"), required=False, whole=True)
    meter = forms.CharField(label=_("Meter"), max_length=64, required=False)
    source = forms.ChoiceField(label=_("Source"), choices=Record._meta.get_field("source").choices)
    evidence = forms.FileField(label=_("Evidence (photo, PDF, Excel, Word or CSV)"), required=False)

    drop_cost = forms.BooleanField(label=_("Delete the cost"), required=False)

    def __init__(self, *args, items, facility, closed: ClosedCosts, **kwargs):
        super().__init__(*args, **kwargs)
        self.facility, self.closed = facility, closed
        self.fields["item"].choices = items
        if closed.of(facility.pk):
            self.fields["cost_vnd"].help_text = _(
                "The factory keeps some prices to itself: a cost that is not shown stays as it is where this is empty."
            )
        if not self.is_bound:
            del self.fields["drop_cost"]  # asked only where a cost would go

    def clean(self):
        """An empty cost does not wipe the one that is stored, unless the person says so."""
        values = super().clean()
        asked = {"item", "month", "cost_vnd"} <= values.keys()
        stored = asked and record_like(
            self.facility, values["item"], values["month"], values.get("meter", "")
        )
        if not stored or stored.cost_vnd is None or values["cost_vnd"] is not None:
            del self.fields["drop_cost"]
        elif self.closed.holds(self.facility.pk, stored.resource_id):
            del self.fields["drop_cost"]  # who may not read it neither wipes it nor is told of it
            values["cost_vnd"] = stored.cost_vnd
        elif not values.get("drop_cost"):
            self.add_error(
                "cost_vnd",
                _("The record has a cost of %(cost)s dong. Write it again, or tick “Delete the cost” below.")
                % {"cost": format_number(stored.cost_vnd)},
            )
        return values

    @property
    def values(self) -> dict:
        """What the service is given."""
        return {name: value for name, value in self.cleaned_data.items() if name != "drop_cost"}


class AssignForm(forms.Form):
    """Which expert gets to work on the facility."""

    expert = forms.ModelChoiceField(label=_("Expert"), queryset=User.objects.none())

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["expert"].queryset = User.objects.visible_to(user).filter(
            role=Role.EXPERT, is_active=True
        )
        self.fields["expert"].label_from_instance = lambda u: f"{u.display_name()} – {u.organisation or ''}"


class MergeForm(forms.Form):
    """The code of the facility that is the same one."""

    other = forms.CharField(label=_("Code of the duplicate"), max_length=16)
    is_sure = forms.BooleanField(required=False)
