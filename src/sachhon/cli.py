"""The `sachhon` command: one entry point for demo, server, worker, import, report, backup and the rest.

`sachhon check`, `sachhon migrate` and every other command of Django's work too; they are passed on.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Sạch Hơn – chương trình sản xuất sạch hơn của một tỉnh / a province's cleaner production programme.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
reference_app = typer.Typer(
    help="Số liệu tham khảo có nguồn / facts with their sources.", no_args_is_help=True
)
app.add_typer(reference_app, name="reference")


def setup() -> None:
    """Makes Django ready; called by commands that need the store, not by those that only read facts."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sachhon.site.settings")
    import django

    django.setup()


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Địa chỉ lắng nghe / address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Cổng / port")] = 8000,
    workers: Annotated[int, typer.Option(help="Số tiến trình / processes")] = 1,
) -> None:
    """Chạy trang web / serve the site."""
    from sachhon.site.server import run_server

    run_server(host, port, workers)


@app.command()
def worker() -> None:
    """Chạy việc nền (nhập tệp, tính lại, nhắc hạn) / run background work."""
    setup()
    from sachhon.apps.intake.services.running import run_stalled

    run_stalled()  # imports whose reader was killed go on first
    _django(["db_worker", "--interval", "0.5"])


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Cổng / port")] = 8000,
    facilities: Annotated[int, typer.Option(help="Số cơ sở / facilities", min=20, max=5000)] = 300,
    build_only: Annotated[
        bool, typer.Option("--build-only", help="Không chạy trang web / do not serve")
    ] = False,
) -> None:
    """Dựng tỉnh trình diễn, đọc sổ, xuất báo cáo, chạy trang web / a running demo province."""
    from sachhon.demo.run import run_demo

    run_demo(port=port, facilities=facilities, serve=not build_only)


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help="Tệp hoặc thư mục / files or folders", exists=True)],
    user: Annotated[str, typer.Option(help="Nhập với tài khoản này / as this account")],
    facility: Annotated[str, typer.Option(help="Mã cơ sở / code of the facility they belong to")] = "",
) -> None:
    """Nhập sổ báo cáo, hóa đơn, số đo vào hộp nhập / read workbooks into the inbox."""
    setup()
    from sachhon.apps.intake.services.errors import NotPossible
    from sachhon.apps.intake.services.receiving import import_paths
    from sachhon.apps.people.models import User
    from sachhon.apps.registry.models import Facility

    actor = User.objects.filter(username=user, is_active=True).first()
    if actor is None:
        raise _stop(f"Không có tài khoản {user} / no such account: sachhon createuser")
    place = Facility.objects.visible_to(actor).filter(code=facility).first()
    if facility and place is None:
        raise _stop(f"Không có cơ sở {facility} / no such facility")

    def tell(done: int, total: int, file) -> None:
        typer.echo(f"{done}/{total} {file.get_state_display():<24} {file.name}")

    try:
        job = import_paths(actor, paths, tell, facility=place)
    except NotPossible as error:
        raise _stop(str(error)) from error
    for file in job.files.prefetch_related("problems"):
        for problem in file.problems.all():
            typer.echo(f"  {file.name} {problem}", err=True)
    if job.files.filter(state="refused").exists():
        raise typer.Exit(2)


@app.command()
def report(
    year: int,
    folder: Annotated[Path, typer.Option(help="Nơi ghi tệp / where to write")] = Path("build"),
    province: Annotated[str, typer.Option(help="Mã tỉnh / province code")] = "20",
    audience: Annotated[str, typer.Option(help="peoples_committee | ministry")] = "peoples_committee",
    lang: Annotated[str, typer.Option(help="vi | en")] = "vi",
) -> None:
    """Lập báo cáo năm của tỉnh: .docx, .xlsx, .pdf / the province's report of a year."""
    setup()
    from sachhon.apps.reporting.services.province import report_to_folder

    for path in report_to_folder(province, year, audience, folder, lang):
        typer.echo(str(path))


@app.command()
def explain(
    figure: Annotated[str, typer.Argument(help="Mã số liệu, như saving:LS-0001:2025:electricity")],
    user: Annotated[str, typer.Option(help="Xem với tài khoản này / as this account")],
    lang: Annotated[str, typer.Option(help="vi | en")] = "vi",
) -> None:
    """Số này từ đâu? Công thức, số liệu gốc, hệ số và nguồn / where a figure comes from."""
    setup()
    from django.utils import translation

    from sachhon.apps.people.models import User
    from sachhon.apps.registry.models import Figure
    from sachhon.apps.registry.queries.lineage import as_text

    actor = User.objects.filter(username=user, is_active=True).first()
    figure = figure.replace("\u200b", "")  # copied from paper, where a code may be broken between its parts
    row = Figure.objects.visible_to(actor).filter(code=figure).first()
    if row is None:
        raise _stop(f"Không có số liệu {figure} / no such figure visible to {user}")
    with translation.override(lang):
        typer.echo(as_text(actor, row))


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="Tệp .tar.gz sẽ ghi / the file to write")],
) -> None:
    """Sao lưu toàn bộ vào một tệp / put everything into one file."""
    setup()
    from sachhon.site.backup import backup as make

    try:
        counts = make(target)
    except OSError as error:
        raise _stop(
            f"Chưa sao lưu được vào {target} ({error.strerror}); bản cũ, nếu có, còn nguyên. Giải phóng ổ đĩa hoặc "
            f"chọn nơi khác. / No backup was made ({error.strerror}); an older one is untouched. Free some space or "
            "choose another place."
        ) from error
    typer.echo(f"{target}: {sum(counts.values())} dòng / rows, {target.stat().st_size / 1e6:.1f} MB")


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="Tệp sao lưu / the backup", exists=True)],
    yes: Annotated[bool, typer.Option("--yes", help="Không hỏi lại / do not ask")] = False,
) -> None:
    """Khôi phục từ tệp sao lưu, thay mọi dữ liệu hiện có / replace everything by a backup."""
    setup()
    from sachhon.site.backup import BackupError
    from sachhon.site.backup import restore as bring_back

    if not yes:
        typer.confirm(f"Thay toàn bộ dữ liệu bằng {source.name}? / Replace everything?", abort=True)
    _django(["migrate", "--verbosity", "0"])
    try:
        counts = bring_back(source)
    except BackupError as error:
        raise _stop(str(error)) from error
    typer.echo(f"{source}: {sum(counts.values())} dòng / rows")


@app.command()
def createuser(
    username: str,
    role: Annotated[
        str, typer.Option(help="factory|expert|centre|department|inspector|leader|ministry|admin")
    ],
    organisation: Annotated[str, typer.Option(help="Tên hoặc mã số thuế / name or tax code")] = "",
    province: Annotated[str, typer.Option(help="Mã tỉnh / province code")] = "20",
    email: Annotated[str, typer.Option(help="Thư điện tử / e-mail")] = "",
    password_stdin: Annotated[bool, typer.Option(help="Đọc mật khẩu từ stdin / read it from stdin")] = False,
) -> None:
    """Tạo tài khoản / make an account."""
    setup()
    from django.core.exceptions import ValidationError

    from sachhon.apps.people.services import create_user

    password = (
        sys.stdin.readline().rstrip("\n")
        if password_stdin
        else typer.prompt("Mật khẩu / password", hide_input=True, confirmation_prompt=True)
    )
    try:
        user = create_user(
            None,
            username=username,
            role=role,
            organisation=organisation,
            province_code=province,
            email=email,
            password=password,
        )
    except ValidationError as error:
        raise _stop("\n".join(error.messages)) from error
    typer.echo(f"{user.username}: {user.get_role_display()}")


@reference_app.command("show")
def reference_show(
    code: Annotated[
        str, typer.Argument(help="Mã, ví dụ toe.diesel; bỏ trống: các bảng / none: the tables")
    ] = "",
    on: Annotated[str, typer.Option(help="Ngày, yyyy-mm-dd / date; default today")] = "",
    lang: Annotated[str, typer.Option(help="vi | en")] = "vi",
) -> None:
    """Xem một số liệu tham khảo, nguồn và hiệu lực / show a fact, its source and validity.

    Không ghi mã thì liệt kê các bảng / without a code the tables are listed.
    """
    import datetime

    from sachhon import reference

    if not code:
        typer.echo("\n".join(reference.tables()))
        return
    try:
        day = datetime.date.fromisoformat(on) if on else datetime.datetime.now(datetime.UTC).date()
    except ValueError as error:
        message = f"Không có ngày “{on}”: ghi yyyy-mm-dd / there is no day “{on}”: write yyyy-mm-dd"
        raise _stop(message) from error
    try:
        typer.echo(reference.describe(code, day, lang))
    except reference.FactNotFound as error:
        raise _stop(str(error)) from error


def _stop(message: str) -> typer.Exit:
    """Says what is wrong and ends with exit code 1."""
    typer.echo(message, err=True)
    return typer.Exit(1)


def _django(arguments: list[str]) -> None:
    """Runs a management command of Django's or of an app's."""
    setup()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["sachhon", *arguments])


def main() -> None:
    """Entry point: our own commands first, anything else is Django's."""
    own = {
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    }
    own |= {group.name for group in app.registered_groups}
    first = next((a for a in sys.argv[1:] if not a.startswith("-")), None)
    if first is not None and first not in own:
        _django(sys.argv[1:])
    else:
        app()
