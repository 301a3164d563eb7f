"""The fixed cast of every test: one province, three factories, one person for each role."""

import datetime
import os

import pytest
from hypothesis import settings

# A busy machine is no failure: speed lives in benchmarks/. What gates a change gives the same answer each time it is
# run; new cases are looked for by `make explore` (HYPOTHESIS_PROFILE=explore), and what it finds becomes an @example.
settings.register_profile("sachhon", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, derandomize=False, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "sachhon"))


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL run what touches a database; the rest would only do the same again as on SQLite."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return
    kept, left_out = split_by_database(items)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def split_by_database(items) -> tuple[list, list]:
    """The tests that touch a database and those that do not, each in the order they came."""
    found: tuple[list, list] = ([], [])
    for item in items:
        found[0 if _touches_a_database(item) else 1].append(item)
    return found


def _touches_a_database(item) -> bool:
    # pytest-django lets no other test near one
    fixtures = {"db", "transactional_db", "live_server", "django_db_setup"}
    return item.get_closest_marker("django_db") is not None or bool(fixtures & set(item.fixturenames))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The catalogue is copied once for all tests."""
    from sachhon.apps.registry.services.catalogue import sync_reference

    with django_db_blocker.unblock():
        sync_reference()


@pytest.fixture
def catalogue(db):
    """Areas, sectors, trades and resources as the reference has them."""
    from sachhon.apps.registry.models import Trade
    from sachhon.apps.registry.services.catalogue import sync_reference

    if not Trade.objects.exists():  # a test with real transactions empties every table when it ends
        sync_reference()


@pytest.fixture
def cast(catalogue):
    """People and facilities by name: cast.user("centre"), cast.brick, cast.quarry, cast.stranger."""
    return Cast()


class Cast:
    """Lạng Sơn (20) with two factories, and a third in another province whom nobody here may see."""

    PASSWORD = "mat-khau-thu-nghiem-1"

    def __init__(self):
        from sachhon.apps.people.models import Organisation, Role, User
        from sachhon.apps.registry.models import Area, Assignment, Facility, Resource, Trade

        self.department = Organisation.objects.create(
            name="Sở Công Thương tỉnh Lạng Sơn", kind=Organisation.Kind.DEPARTMENT, province_code="20"
        )
        self.brick_enterprise = self._enterprise("Công ty CP Gạch Thử Nghiệm", "20")
        self.quarry_enterprise = self._enterprise("Công ty TNHH Đá Thử Nghiệm", "20")
        self.far_enterprise = self._enterprise("Công ty Tỉnh Khác", "19")
        commune = Area.objects.get(code="06385", valid_to=None)
        elsewhere = Area.objects.filter(level="province").exclude(province_code="20").first()
        common = {"area": commune, "province_code": "20"}
        self.brick = Facility.objects.create(
            code="LS-0001",
            name="Nhà máy gạch tuynel Thử Nghiệm",
            enterprise=self.brick_enterprise,
            trade=Trade.objects.get(code="brick"),
            contact_email="gach@example.vn",
            **common,
        )
        self.quarry = Facility.objects.create(
            code="LS-0002",
            name="Mỏ đá Thử Nghiệm",
            enterprise=self.quarry_enterprise,
            trade=Trade.objects.get(code="quarry"),
            **common,
        )
        self.stranger = Facility.objects.create(
            code="XX-0001",
            name="Nhà máy tỉnh khác",
            enterprise=self.far_enterprise,
            trade=Trade.objects.get(code="brick"),
            area=elsewhere,
            province_code=elsewhere.province_code,
        )
        organisation = {Role.FACTORY: self.brick_enterprise}
        self._users = {
            str(role): User.objects.create_user(
                username=str(role),
                email=f"{role}@example.vn",
                password=self.PASSWORD,
                role=role,
                organisation=organisation.get(role, self.department),
                province_code="20",
                is_staff=role == Role.ADMIN,
                is_superuser=role == Role.ADMIN,
            )
            for role in Role
        }
        Assignment.objects.create(user=self.user("expert"), facility=self.brick)
        self.electricity = Resource.objects.get(code="electricity")
        self.today = datetime.date(2026, 11, 24)

    @staticmethod
    def _enterprise(name: str, province: str):
        from sachhon.apps.people.models import Organisation

        return Organisation.objects.create(
            name=name, kind=Organisation.Kind.ENTERPRISE, province_code=province
        )

    def user(self, role: str):
        return self._users[role]

    @property
    def roles(self) -> list[str]:
        return list(self._users)


@pytest.fixture(autouse=True)
def own_language():
    """A page asked for in English leaves its language behind in the thread: the next test begins with the site's."""
    yield
    from django.conf import settings as site
    from django.utils import translation

    translation.activate(site.LANGUAGE_CODE)
