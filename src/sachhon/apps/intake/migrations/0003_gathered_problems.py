"""Problems kept one a month get the params of those told once a thing and year, so that their words stay whole."""

from django.db import migrations

MONTHLY = (
    "judged_year_kept",
    "judged_year_not_added",
    "value_replaced",
    "cost_replaced",
    "total_and_meters",
    "two_figures",
    "less_known",
)
OF_CELLS = ("product_unit_differs", "formula_not_calculated")


def gathered(rule: str, sheet: str, cell: str, params: dict) -> tuple[str, dict]:
    """The rule and params as they are kept now; what is in the new form already stays."""
    if "count" in params:
        return rule, params
    cells = [cell] if cell else []
    if rule in OF_CELLS:
        return rule, {**params, "count": 1, "cells": cells}
    if rule not in MONTHLY or "/" not in params.get("period", ""):
        return rule, params
    month, year = params["period"].split("/")
    figures = [[f"{year}-{month}", params.get("old"), params.get("new"), cell]]
    kept = {name: value for name, value in params.items() if name not in ("period", "old", "new", "cell")}
    if rule == "two_figures":
        kept["other"] = params.get("cell", "").partition("!")[0] or sheet
    found = {**kept, "year": int(year), "count": 1, "figures": figures, "cells": cells}
    return ("judged_year_kept" if rule == "judged_year_not_added" else rule), found


def gather(apps, schema_editor):
    problems = apps.get_model("intake", "ImportProblem").objects
    changed = []
    for problem in problems.filter(rule__in=(*MONTHLY, *OF_CELLS)).iterator():
        rule, params = gathered(problem.rule, problem.sheet, problem.cell, problem.params)
        if (rule, params) != (problem.rule, problem.params):
            problem.rule, problem.params = rule, params
            changed.append(problem)
    problems.bulk_update(changed, ["rule", "params"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_initial")]

    operations = [migrations.RunPython(gather, migrations.RunPython.noop)]
