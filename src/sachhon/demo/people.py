"""The bodies, accounts and facilities of the demo, registered through the services that real ones go through."""

from collections.abc import Callable

from django.db import transaction

from sachhon.apps.people import demo
from sachhon.apps.people.models import Organisation, Role, User
from sachhon.apps.people.services import create_user
from sachhon.apps.registry.models import Area, Facility, Sector, Trade
from sachhon.apps.registry.services.facilities import assign, create_facility
from sachhon.demo.world import DemoFacility

PROVINCE = "20"
K = Organisation.Kind
# role → (kind of body, name of the body, family name, given name)
BODIES = {
    Role.ADMIN: (K.DEPARTMENT, "Sở Công Thương tỉnh Lạng Sơn", "Quản trị", "Hệ thống"),
    Role.DEPARTMENT: (K.DEPARTMENT, "Sở Công Thương tỉnh Lạng Sơn", "Nông Thị", "Sương"),
    Role.CENTRE: (K.CENTRE, "Trung tâm Khuyến công và Xúc tiến thương mại", "Hoàng Văn", "Trúc"),
    Role.EXPERT: (K.CONSULTANCY, "Tổ chuyên gia tư vấn sản xuất sạch hơn", "Lý Quốc", "Phong"),
    Role.INSPECTOR: (K.INSPECTORATE, "Thanh tra Sở Công Thương", "Vi Minh", "Sơn"),
    Role.LEADER: (K.COMMITTEE, "UBND tỉnh Lạng Sơn", "Lương Đức", "Khánh"),
    Role.MINISTRY: (K.MINISTRY, "Bộ Công Thương", "Trần Thu", "Hà"),
}


def make_accounts() -> dict[str, User]:
    """One account a role but the factory's, which comes with its facility; those that exist are kept."""
    return {str(role): _account(role, *body) for role, body in BODIES.items()}


@transaction.atomic
def make_facilities(
    world: tuple[DemoFacility, ...], officer: User, tick: Callable[[], None]
) -> dict[str, Facility]:
    """Registers what is not registered yet; returns every facility by code."""
    existing = {f.code: f for f in Facility.objects.filter(province_code=PROVINCE)}
    areas = {a.key: a for a in Area.objects.filter(province_code=PROVINCE)}
    trades = {t.code: t for t in Trade.objects.all()}
    sectors = {s.code: s for s in Sector.objects.all()}
    for one in world:
        tick()
        if one.code in existing:
            continue
        enterprise, _made = Organisation.objects.get_or_create(
            tax_code=one.tax_code,
            defaults={"name": one.enterprise, "kind": K.ENTERPRISE, "province_code": PROVINCE},
        )
        existing[one.code] = create_facility(
            officer,
            code=one.code,
            province_code=PROVINCE,
            enterprise=enterprise,
            name=one.name,
            tax_code=one.tax_code,
            trade=trades[one.trade],
            sector=sectors.get(one.vsic),
            area=areas[one.commune_key],
            address=one.address,
            latitude=one.latitude,
            longitude=one.longitude,
            started_on=one.started_on,
            contact_name=one.contact_name,
            contact_phone=one.contact_phone,
            contact_email=f"co-so-{one.number:04d}@vidu.example",
            licence_group=one.licence_group,
            key_energy_user=one.key_energy_user,
        )
    return existing


def make_factory_account(facility: Facility, username: str = str(Role.FACTORY)) -> User:
    """The account of a factory; "factory" is the one whose report is still due."""
    found = User.objects.filter(username=username).first()
    if found is not None:
        return found
    family, _space, given = facility.contact_name.rpartition(" ")
    return create_user(
        None,
        username=username,
        role=Role.FACTORY,
        password=demo.PASSWORD,
        organisation=facility.enterprise,
        province_code=PROVINCE,
        email=facility.contact_email,
        last_name=family,
        first_name=given,
    )


def assign_expert(officer: User, expert: User, facilities: list[Facility]) -> None:
    """Lets the demo's expert work on some facilities."""
    for facility in facilities:
        assign(officer, facility, expert)


def _account(role: Role, kind: str, body: str, family: str, given: str) -> User:
    organisation, _made = Organisation.objects.get_or_create(
        name=body, kind=kind, defaults={"province_code": "" if kind == K.MINISTRY else PROVINCE}
    )
    found = User.objects.filter(username=role).first()
    return found or create_user(
        None,
        username=str(role),
        role=role,
        password=demo.PASSWORD,
        organisation=organisation,
        province_code=PROVINCE,
        email=f"{role}@vidu.example",
        last_name=family,
        first_name=given,
    )
