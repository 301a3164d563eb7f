"""Keeping mapping profiles: renamed, offered to other facilities, deleted."""

from django.db import transaction
from django.utils.translation import gettext as _

from sachhon.apps.intake.models import MappingProfile
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.people import audit
from sachhon.apps.people.access import require


@transaction.atomic
def rename_profile(actor, profile: MappingProfile, name: str) -> None:
    """Gives the profile another name."""
    require(actor, "intake.file.fix")
    name = name.strip()
    if not name:
        raise NotPossible(_("Give the profile a name."))
    before = audit.snapshot(profile, ["name"])
    profile.name = name[:255]
    profile.save(update_fields=["name"])
    audit.record(actor, "profile.rename", profile, before=before, after=audit.snapshot(profile, ["name"]))


@transaction.atomic
def share_profile(actor, profile: MappingProfile, shared: bool) -> None:
    """Offers the profile to every facility of the province, or stops offering it."""
    require(actor, "intake.profile.share")
    before = audit.snapshot(profile, ["shared"])
    profile.shared = shared
    profile.save(update_fields=["shared"])
    audit.record(actor, "profile.share", profile, before=before, after=audit.snapshot(profile, ["shared"]))


@transaction.atomic
def delete_profile(actor, profile: MappingProfile) -> None:
    """Removes the profile. Files read by it stay taken; the next of their kind must be mapped anew."""
    require(actor, "intake.file.fix")
    audit.record(actor, "profile.delete", profile, before=audit.snapshot(profile))
    profile.delete()
