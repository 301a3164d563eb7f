"""The accounts of a demo: one a role, named as the role, all with one published password.

The login page of a demo shows them for one click. Where SACHHON_DEMO is not set they are never shown.
"""

from django.conf import settings

from sachhon.apps.people.models import Role, User

PASSWORD = "trinh-dien-sach-hon"  # noqa: S105 - published on purpose: a demo holds no real data


def accounts() -> list[User]:
    """The demo's people in the order of the roles; none outside a demo."""
    if not settings.DEMO:
        return []
    order = {str(role): i for i, role in enumerate(Role)}
    return sorted(
        User.objects.filter(username__in=order, is_active=True), key=lambda user: order[user.username]
    )
