"""What the worker does for the province's figures and its report."""

from django_tasks import task


@task()
def refresh_province(rollup_pk: int) -> None:
    """Computes the figures of one province and year, if that is still wished for."""
    from sachhon.apps.reporting.services.province.refreshing import run_queued

    run_queued(rollup_pk)


@task()
def issue_province(report_pk: int, actor_pk: int) -> None:
    """Issues a draft that somebody asked for."""
    from sachhon.apps.reporting.services.province.queueing import run_issue

    run_issue(report_pk, actor_pk)
