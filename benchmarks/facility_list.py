"""The facility list with 100,000 facilities: queries and server time of a page, beside bare sqlite3.

    python benchmarks/facility_list.py [facilities]

For each way of asking (first page, search, filter, last page) it prints the number of queries, the median time
of the whole request through middleware and template, and the time bare sqlite3 takes for the same rows and count:
the ratio says what everything above the database costs.
"""

import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import time

ROUNDS = 15
ASKED = {
    "first page": {},
    "search, two words": {"q": "gach 4711"},
    "search, all found": {"q": "nhà máy"},
    "search, every sixth found": {"q": "xi mang"},
    "search, nothing found": {"q": "khong co dau"},
    "trade and sort by name": {"trade": "brick", "sort": "name"},
    "size": {"size": "medium"},
    "page 1000": {"page": "1000"},
}


def main(count: int) -> None:
    os.environ["SACHHON_HOME"] = tempfile.mkdtemp(prefix="sachhon-bench-")
    os.environ["SACHHON_HTTPS"] = "0"
    os.environ["DATABASE_URL"] = f"sqlite:///{os.environ['SACHHON_HOME']}/bench.sqlite3"
    os.environ["DJANGO_SETTINGS_MODULE"] = "sachhon.site.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    user = _fill(count)

    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(user)
    bare = sqlite3.connect(f"{os.environ['SACHHON_HOME']}/bench.sqlite3")
    print(f"{count:,} facilities, {ROUNDS} rounds, median")
    print(f"{'asked for':<26}{'queries':>8}{'page ms':>10}{'bare sqlite3 ms':>17}{'ratio':>8}")
    for name, query in ASKED.items():
        times = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            with CaptureQueriesContext(connection) as captured:
                answer = client.get("/co-so/", query)
            times.append((time.perf_counter() - started) * 1000)
            assert answer.status_code == 200
        facility_queries = [q["sql"] for q in captured if 'FROM "registry_facility"' in q["sql"]]
        floor = statistics.median(_bare(bare, facility_queries) for _ in range(ROUNDS))
        median = statistics.median(times)
        print(f"{name:<26}{len(captured):>8}{median:>10.1f}{floor:>17.1f}{median / floor:>8.1f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _bare(connection: sqlite3.Connection, statements: list[str]) -> float:
    started = time.perf_counter()
    for statement in statements:
        connection.execute(statement).fetchall()
    return (time.perf_counter() - started) * 1000


def _fill(count: int):
    from sachhon.apps.people.models import Organisation, User
    from sachhon.apps.registry.models import Area, Facility, Trade
    from sachhon.apps.registry.services.catalogue import sync_reference

    sync_reference()
    office = Organisation.objects.create(name="Sở Công Thương", kind="department", province_code="20")
    user = User.objects.create_user("centre", role="centre", organisation=office, province_code="20")
    enterprise = Organisation.objects.create(name="Công ty Đo", kind="enterprise", province_code="20")
    areas = list(Area.objects.filter(province_code="20", level="commune", valid_to=None))
    trades = list(Trade.objects.all())
    words = ("gạch", "đá", "gỗ", "chè", "xi măng", "cơ khí")
    facilities = []
    for i in range(count):
        one = Facility(
            code=f"LS-{i:06d}",
            name=f"Nhà máy {words[i % len(words)]} số {i}",
            enterprise=enterprise,
            trade=trades[i % len(trades)],
            area=areas[i % len(areas)],
            province_code="20",
            size_class=("micro", "small", "medium", "large")[i % 4],
            address=f"Thôn {i % 15}, {areas[i % len(areas)].name_vi}",
        )
        one.set_keys()
        facilities.append(one)
    Facility.objects.bulk_create(facilities, batch_size=2000)
    return user


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
