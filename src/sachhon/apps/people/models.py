"""Users, the organisations they belong to, and the history of every change."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.permissions import allowed_roles
from sachhon.apps.people.scope import Reach, Scope, ScopedQuerySet
from sachhon.reference.text import fold


class Role(models.TextChoices):
    """What a person does in the programme; permissions.csv has one column each."""

    FACTORY = "factory", _("Factory staff")
    EXPERT = "expert", _("Expert")
    CENTRE = "centre", _("Centre officer")
    DEPARTMENT = "department", _("Department officer")
    INSPECTOR = "inspector", _("Inspector")
    LEADER = "leader", _("Leader")
    MINISTRY = "ministry", _("Ministry")
    ADMIN = "admin", _("Administrator")


REACH_OF_ROLE = {
    Role.FACTORY: Reach.OWN,
    Role.EXPERT: Reach.ASSIGNED,
    Role.CENTRE: Reach.PROVINCE,
    Role.DEPARTMENT: Reach.PROVINCE,
    Role.INSPECTOR: Reach.PROVINCE,
    Role.LEADER: Reach.PROVINCE,
    Role.MINISTRY: Reach.COUNTRY,
    Role.ADMIN: Reach.COUNTRY,
}


class Organisation(models.Model):
    """An enterprise, or a body of the programme. An enterprise may own several facilities."""

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("Enterprise")
        CENTRE = "centre", _("Centre for Industrial Promotion")
        DEPARTMENT = "department", _("Department of Industry and Trade")
        INSPECTORATE = "inspectorate", _("Inspectorate")
        CONSULTANCY = "consultancy", _("Consultancy")
        COMMITTEE = "committee", _("People's Committee")
        MINISTRY = "ministry", _("Ministry")

    SCOPE = Scope(province="province_code", enterprise="pk", assigned="facilities__assignments__user")

    name = models.CharField(_("name"), max_length=255)
    search_key = models.CharField(max_length=255, editable=False, db_index=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    province_code = models.CharField(_("province"), max_length=2, blank=True)
    tax_code = models.CharField(_("tax code"), max_length=14, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["search_key", "pk"]
        constraints = [
            models.UniqueConstraint("tax_code", condition=~Q(tax_code=""), name="organisation_tax_code_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.search_key = fold(self.name)[:255]
        super().save(*args, **kwargs)


class PersonManager(UserManager.from_queryset(ScopedQuerySet)):
    """Django's manager of accounts, with visible_to."""


class User(AbstractUser):
    """A person with one role in one organisation."""

    SCOPE = Scope(province="province_code", enterprise="organisation")

    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.FACTORY)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
        verbose_name=_("organisation"),
    )
    province_code = models.CharField(_("province"), max_length=2, blank=True)
    language = models.CharField(
        _("language"), max_length=2, default="vi", choices=[("vi", "vi"), ("en", "en")]
    )

    objects = PersonManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.display_name()

    @property
    def reach(self) -> Reach:
        return REACH_OF_ROLE.get(Role(self.role), Reach.NOTHING)

    def may(self, action: str) -> bool:
        """Whether this person's role has `action` in permissions.csv."""
        return self.is_active and self.role in allowed_roles(action)

    def display_name(self) -> str:
        """Vietnamese order: family name first."""
        return f"{self.last_name} {self.first_name}".strip() or self.username


class AuditEntry(models.Model):
    """One change of one record: who, when, what, before and after. Written by services, never edited."""

    SCOPE = Scope(province="province_code", enterprise="enterprise")

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    actor_name = models.CharField(max_length=255)
    verb = models.CharField(max_length=64, db_index=True)
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    object_label = models.CharField(max_length=255)
    search_key = models.CharField(max_length=512, editable=False, default="")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    province_code = models.CharField(max_length=2, blank=True, db_index=True)
    enterprise = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit history")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["object_type", "object_id"])]

    def save(self, *args, **kwargs):
        self.set_key()
        super().save(*args, **kwargs)

    def set_key(self) -> None:
        """Fills what is searched by, the thing and who changed it; bulk writes call it themselves."""
        self.search_key = fold(f"{self.object_label} {self.actor_name}")[:512]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.actor_name} {self.verb} {self.object_label}"


class Submission(models.Model):
    """A form that was sent under a key of its own, so that sending it again stores nothing twice.

    Kept for days only, by the person's own middleware (submissions.py); shown to nobody.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)  # of address and content
    at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(default=0)  # of the answer; 0 while it is being made
    location = models.TextField(blank=True)
    trigger = models.CharField(max_length=255, blank=True)  # HX-Trigger
    body = models.TextField(blank=True)  # of an answer in JSON

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="submission_once")]

    def __str__(self) -> str:
        return f"{self.key} ({self.status})"
