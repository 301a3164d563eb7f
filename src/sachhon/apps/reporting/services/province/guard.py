"""The database's own guard: an issued report, and the figures copied for it, cannot be updated by anybody.

Triggers of SQLite and PostgreSQL, put in place after every migration (`post_migrate`), so that they are there
however the tables came to be. The one thing that may still change is who issued it: an account may be removed.
"""

from django.db import connections

REPORT = (
    "province_code", "year", "audience", "issue", "state", "number", "dated", "signer_title", "signer_name", "texts",
    "language", "data", "docx", "xlsx", "pdf", "issued_at",
)  # fmt: skip
FIGURE = (
    "code", "label_vi", "label_en", "value", "unit", "state", "low", "high", "formula", "terms", "facts", "issued",
)  # fmt: skip
WORDS = "an issued report cannot be changed; a correction is a new issue"


def install(using: str = "default", **kwargs) -> None:
    """Receiver of post_migrate: puts the triggers in place, over those of an older version."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    for table, condition, columns in (
        ("reporting_provincereport", "OLD.state = 'issued'", REPORT),
        ("registry_figure", "OLD.issued", FIGURE),
    ):
        if table in tables:
            make = {"sqlite": _sqlite, "postgresql": _postgresql}.get(connection.vendor)
            for statement in make(table, condition, columns) if make else ():
                with connection.cursor() as cursor:
                    cursor.execute(statement)


def _sqlite(table: str, condition: str, columns: tuple[str, ...]) -> list[str]:
    changed = " OR ".join(f'OLD."{c}" IS NOT NEW."{c}"' for c in columns)
    return [
        f"DROP TRIGGER IF EXISTS {table}_issued",
        f"CREATE TRIGGER {table}_issued BEFORE UPDATE ON {table} WHEN {condition} AND ({changed}) "
        f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END",
    ]


def _postgresql(table: str, condition: str, columns: tuple[str, ...]) -> list[str]:
    changed = " OR ".join(f'OLD."{c}" IS DISTINCT FROM NEW."{c}"' for c in columns)
    return [
        f"CREATE OR REPLACE FUNCTION {table}_issued() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"DROP TRIGGER IF EXISTS {table}_issued ON {table}",
        f"CREATE TRIGGER {table}_issued BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({condition} AND ({changed})) "
        f"EXECUTE FUNCTION {table}_issued()",
    ]
