"""Have the records of a facility's year changed? A random token beside them, new with every change, tells at once.

Triggers of SQLite and PostgreSQL keep the tokens, so that no way of writing goes past them: one row or a thousand,
the ORM or SQL by hand. They are put in place after every migration (`post_migrate`); where they were not there or
were others, all tokens are renewed. A token is random rather than a count: a store brought back from a backup must
not come to a count that was seen before.

A year's stamp is the sum of the tokens of its rows. On SQLite, which has one writer at a time, there is one row. On
PostgreSQL a writer that finds a row held by another puts its token beside it instead of waiting: two writers of the
same years in opposite order would else wait for each other for ever. The next writer makes one row of them.

Not here: the records, and what a change of them sets going (signals.py).
"""

import hashlib
from collections import defaultdict

from django.db import connection, connections, transaction

TABLE, STAMPS = "registry_record", "registry_recordstamp"
PRODUCTS = "registry_product"
PREFIX = f"{TABLE}_stamp"
PRODUCT = f"{PREFIX}_product"
MODULUS = 2**53  # tokens and their sums stay below
RANDOM = {"sqlite": f"abs(random() % {MODULUS})", "postgresql": f"(random() * {MODULUS})::bigint"}

# The records of a product are in its unit: they read otherwise when it is put right.
OF_PRODUCT = f"SELECT facility_id, year FROM {TABLE} WHERE product_id = NEW.id"  # noqa: S608

TOKENS = f"""
    SELECT s.year, s.facility_id, sum(s.token) %% {MODULUS}
    FROM {STAMPS} s JOIN registry_facility f ON f.id = s.facility_id
    WHERE f.province_code = %s AND f.merged_into_id IS NULL AND s.year BETWEEN %s AND %s
    GROUP BY s.year, s.facility_id
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
        if _there(database, cursor) == set(wanted):
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


def _there(database, cursor) -> set[str]:
    """Which of the triggers are in place; a later version of one has a name of its own."""
    if database.vendor == "sqlite":
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{PREFIX}%"]
        )
    else:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE %s", [f"{PREFIX}%"])
    return {name for (name,) in cursor.fetchall()}


def _sqlite() -> dict[str, list[str]]:
    token = RANDOM["sqlite"]
    own = "facility_id = NEW.facility_id AND year = NEW.year"
    put = (
        f"UPDATE {STAMPS} SET token = {token} WHERE {own};"  # noqa: S608
        f" INSERT INTO {STAMPS} (facility_id, year, token) SELECT NEW.facility_id, NEW.year, {token}"
        f" WHERE NOT EXISTS (SELECT 1 FROM {STAMPS} WHERE {own});"
    )
    renew = f"UPDATE {STAMPS} SET token = {token} WHERE facility_id = OLD.facility_id AND year = OLD.year"  # noqa: S608
    moved = "(OLD.facility_id <> NEW.facility_id OR OLD.year <> NEW.year)"
    bodies = {"INSERT": put, "UPDATE": f"{put} {renew} AND {moved};", "DELETE": f"{renew};"}
    made = {
        f"{PREFIX}_{event.lower()}": [
            f"CREATE TRIGGER {PREFIX}_{event.lower()} AFTER {event} ON {TABLE} BEGIN {body} END"
        ]
        for event, body in bodies.items()
    }
    when = f"AFTER UPDATE OF unit ON {PRODUCTS} WHEN OLD.unit <> NEW.unit"
    body = f"UPDATE {STAMPS} SET token = {token} WHERE (facility_id, year) IN ({OF_PRODUCT});"  # noqa: S608
    made[PRODUCT] = [f"CREATE TRIGGER {PRODUCT} {when} BEGIN {body} END"]
    return made


def _postgresql() -> dict[str, list[str]]:
    """Once a statement, however many rows it touches."""
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
        made[name] = _pair(name, event, referencing, _renewed(rows))
    name = f"{PREFIX}_truncate"
    made[name] = _pair(name, "TRUNCATE", "", f"DELETE FROM {STAMPS};")  # noqa: S608
    when = f"AFTER UPDATE OF unit ON {PRODUCTS} FOR EACH ROW WHEN (OLD.unit <> NEW.unit)"
    made[PRODUCT] = [
        _function(PRODUCT, _renewed(OF_PRODUCT)),
        f"CREATE TRIGGER {PRODUCT} {when} EXECUTE FUNCTION {PRODUCT}()",
    ]
    return made


def _renewed(rows: str) -> str:
    """A new token for each facility and year of `rows`, which makes one of those it may have without waiting."""
    return f"""
        WITH once AS (SELECT DISTINCT facility_id, year FROM ({rows}) AS touched),
        free AS (
            SELECT s.id FROM {STAMPS} s JOIN once USING (facility_id, year) FOR UPDATE OF s SKIP LOCKED),
        gone AS (
            DELETE FROM {STAMPS} s USING free WHERE s.id = free.id RETURNING s.facility_id, s.year, s.token)
        INSERT INTO {STAMPS} (facility_id, year, token)
        SELECT o.facility_id, o.year, (COALESCE(sum(g.token), 0) + {RANDOM["postgresql"]}) % {MODULUS}
        FROM once o LEFT JOIN gone g USING (facility_id, year) GROUP BY o.facility_id, o.year;"""  # noqa: S608


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
