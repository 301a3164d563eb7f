"""What the worker does for the inbox."""

from django_tasks import task


@task()
def read_job(job_pk: int) -> None:
    """Reads the files of one job, then those of any job whose reader died."""
    from sachhon.apps.intake.services.running import run_job, run_stalled

    run_job(job_pk)
    run_stalled()
