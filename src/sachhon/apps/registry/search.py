"""Finding facilities by words without tone marks, quickly, on both databases.

SQLite: a trigram FTS5 table beside the facilities, kept by triggers. PostgreSQL: a trigram index over the same
column. Both are made by a migration. Words shorter than three letters have no trigram and are compared row by row.
"""

from django.db import connection, models
from django.db.models.expressions import RawSQL

SHORTEST = 3  # letters of a trigram
MANY = 50_000  # facilities: to look that many up takes longer than to go through all of a large province

FOUND = "SELECT rowid FROM registry_facility_search WHERE registry_facility_search MATCH %s"

SQLITE_INSTALL = [
    """CREATE VIRTUAL TABLE registry_facility_search USING fts5(
        search_key, content='registry_facility', content_rowid='id', tokenize='trigram', detail='none')""",
    """CREATE TRIGGER registry_facility_search_insert AFTER INSERT ON registry_facility BEGIN
        INSERT INTO registry_facility_search(rowid, search_key) VALUES (new.id, new.search_key); END""",
    """CREATE TRIGGER registry_facility_search_delete AFTER DELETE ON registry_facility BEGIN
        INSERT INTO registry_facility_search(registry_facility_search, rowid, search_key)
        VALUES ('delete', old.id, old.search_key); END""",
    """CREATE TRIGGER registry_facility_search_update AFTER UPDATE OF search_key ON registry_facility BEGIN
        INSERT INTO registry_facility_search(registry_facility_search, rowid, search_key)
        VALUES ('delete', old.id, old.search_key);
        INSERT INTO registry_facility_search(rowid, search_key) VALUES (new.id, new.search_key); END""",
    "INSERT INTO registry_facility_search(registry_facility_search) VALUES ('rebuild')",
]
SQLITE_REMOVE = ["DROP TABLE registry_facility_search"]
POSTGRES_INSTALL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX registry_facility_search ON registry_facility USING gin (search_key gin_trgm_ops)",
]
POSTGRES_REMOVE = ["DROP INDEX registry_facility_search"]


def matching(rows: models.QuerySet, folded: str) -> models.QuerySet:
    """The facilities of `rows` whose search key contains every word of `folded`, in any order."""
    for word in folded.split():
        rows = rows.filter(search_key__contains=word)
    long_words = [word for word in folded.split() if len(word) >= SHORTEST]
    if long_words and connection.vendor == "sqlite":
        # Narrows first by trigrams; the comparison above then decides.
        grams = {word[i : i + SHORTEST] for word in long_words for i in range(len(word) - SHORTEST + 1)}
        expression = " AND ".join('"' + gram.replace('"', '""') + '"' for gram in sorted(grams))
        if not _are_many(expression):
            rows = rows.filter(pk__in=RawSQL(FOUND, [expression]))  # noqa: S611 - our own constant
    return rows


def _are_many(expression: str) -> bool:
    """Whether trigrams such as those of "nhà máy" hardly narrow anything; asked of the index, a few milliseconds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({FOUND} LIMIT %s)", [expression, MANY + 1])  # noqa: S608
        return cursor.fetchone()[0] > MANY
