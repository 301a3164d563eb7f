"""Have the records of a facility's year changed? A random token beside them, new with every change, tells at once.

Triggers of SQLite and PostgreSQL keep the tokens, so that no way of writing goes past them: one row or a thousand,
the ORM or SQL by hand. They are put in place after every migration (`post_migrate`); where they were not there or
were others, all tokens are renewed. A token is random rather than a count: a store brought back from a backup must
not come to a count that was seen before.

Not here: the records, and what a change of them sets going (signals.py).
"""

import hashlib
from collections import defaultdict

from django.db import connection, connections, transaction

TABLE, STAMPS = "registry_record", "registry_recordstamp"
PRODUCTS = "registry_product"
PREFIX = f"{TABLE}_stamp"
PRODUCT = f"{PREFIX}_product"
RENEWED = "ON CONFLICT (facility_id, year) DO UPDATE SET token = excluded.token"
RANDOM = {"sqlite": "random()", "postgresql": "(random() * 9007199254740992)::bigint"}

TOKENS = f"""
    SELECT s.year, s.facility_id, s.token
    FROM {STAMPS} s JOIN registry_facility f ON f.id = s.facility_id
    WHERE f.province_code = %s AND f.merged_into_id IS NULL AND s.year BETWEEN %s AND %s
    ORDER BY s.facility_id"""  # noqa: S608 - names of our own


def record_stamps(province: str, first: int, last: int) -> dict[int, str]:
    """Year → a text that is another one whenever a record of that year changed, came or went, in a facility of the
    province that is not merged into another; without years that never had a record."""
    with connection.cursor() as cursor:
        cursor.execute(TOKENS, [province, first, last])
        found: dict[int, list[str]] = defaultdict(list)
        for year, facility, token in cursor:
            found[year].append(f"{facility} {token}")
    return {year: hashlib.sha256("\n".join(lines).encode()).hexdigest() for year, lines in found.items()}


def install(using: str = "default", **kwargs) -> None:
    """Receiver of post_migrate: puts the triggers in place."""
    database = connections[using]
    if not {TABLE, STAMPS} <= set(database.introspection.table_names()):
        return
    wanted = _sqlite() if database.vendor == "sqlite" else _postgresql()
    with transaction.atomic(using=using), database.cursor() as cursor:
        if _there(database, cursor) == len(wanted):
            return
        for name, statements in wanted.items():
            on = "" if database.vendor == "sqlite" else f" ON {PRODUCTS if name == PRODUCT else TABLE}"
            for statement in (f"DROP TRIGGER IF EXISTS {name}{on}", *statements):
                cursor.execute(statement)
        token = RANDOM[database.vendor]
        cursor.execute(f"DELETE FROM {STAMPS}")  # noqa: S608
        cursor.execute(
            f"INSERT INTO {STAMPS} (facility_id, year, token) SELECT facility_id, year, {token}"  # noqa: S608
            f" FROM (SELECT DISTINCT facility_id, year FROM {TABLE}) AS known"
        )


def _there(database, cursor) -> int:
    """How many of the triggers are in place; a later version of one has a name of its own."""
    if database.vendor == "sqlite":
        cursor.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{PREFIX}%"]
        )
    else:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE %s", [f"{PREFIX}%"])
    return cursor.fetchone()[0]


def _sqlite() -> dict[str, list[str]]:
    put = (
        f"INSERT INTO {STAMPS} (facility_id, year, token)"  # noqa: S608
        f" VALUES (NEW.facility_id, NEW.year, random()) {RENEWED};"
    )
    renew = f"UPDATE {STAMPS} SET token = random() WHERE facility_id = OLD.facility_id AND year = OLD.year"  # noqa: S608
    moved = "(OLD.facility_id <> NEW.facility_id OR OLD.year <> NEW.year)"
    bodies = {"INSERT": put, "UPDATE": f"{put} {renew} AND {moved};", "DELETE": f"{renew};"}
    made = {
        f"{PREFIX}_{event.lower()}": [
            f"CREATE TRIGGER {PREFIX}_{event.lower()} AFTER {event} ON {TABLE} BEGIN {body} END"
        ]
        for event, body in bodies.items()
    }
    when = f"AFTER UPDATE OF unit ON {PRODUCTS} WHEN OLD.unit <> NEW.unit"
    made[PRODUCT] = [f"CREATE TRIGGER {PRODUCT} {when} BEGIN {_of_product('sqlite')} END"]
    return made


def _postgresql() -> dict[str, list[str]]:
    """Once a statement, however many rows it touches; in one order, so that two writers do not wait for each other."""
    touched = {
        "INSERT": ("REFERENCING NEW TABLE AS written", "SELECT facility_id, year FROM written"),
        "DELETE": ("REFERENCING OLD TABLE AS gone", "SELECT facility_id, year FROM gone"),
        "UPDATE": (
            "REFERENCING OLD TABLE AS gone NEW TABLE AS written",
            "SELECT facility_id, year FROM gone UNION SELECT facility_id, year FROM written",
        ),
    }
    made = {}
    for event, (referencing, rows) in touched.items():
        name = f"{PREFIX}_{event.lower()}"
        body = (
            f"INSERT INTO {STAMPS} (facility_id, year, token) SELECT facility_id, year, {RANDOM['postgresql']}"  # noqa: S608
            f" FROM (SELECT DISTINCT facility_id, year FROM ({rows}) AS touched ORDER BY 1, 2) AS once {RENEWED};"
        )
        made[name] = _pair(name, event, referencing, body)
    name = f"{PREFIX}_truncate"
    made[name] = _pair(name, "TRUNCATE", "", f"DELETE FROM {STAMPS};")  # noqa: S608
    when = f"AFTER UPDATE OF unit ON {PRODUCTS} FOR EACH ROW WHEN (OLD.unit <> NEW.unit)"
    made[PRODUCT] = [
        _function(PRODUCT, _of_product("postgresql")),
        f"CREATE TRIGGER {PRODUCT} {when} EXECUTE FUNCTION {PRODUCT}()",
    ]
    return made


def _of_product(vendor: str) -> str:
    """The records of a product are in its unit: they read otherwise when it is put right."""
    return (
        f"UPDATE {STAMPS} SET token = {RANDOM[vendor]} WHERE (facility_id, year) IN"  # noqa: S608
        f" (SELECT facility_id, year FROM {TABLE} WHERE product_id = NEW.id);"
    )


def _pair(name: str, event: str, referencing: str, body: str) -> list[str]:
    return [
        _function(name, body),
        f"CREATE TRIGGER {name} AFTER {event} ON {TABLE} {referencing} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


def _function(name: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
        f" AS $$ BEGIN {body} RETURN NULL; END $$"
    )
