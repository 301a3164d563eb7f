"""What the worker does for the province's figures."""

from django_tasks import task


@task()
def refresh_province(rollup_pk: int) -> None:
    """Computes the figures of one province and year, if that is still wished for."""
    from sachhon.apps.reporting.services.province.refreshing import run_queued

    run_queued(rollup_pk)
