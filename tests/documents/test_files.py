"""Writing is whole or not at all, also when the disk is full."""

import subprocess
import sys
import textwrap

import pytest

from sachhon.documents.files import DocumentNotWritten, write_atomic


def test_a_file_appears_whole_and_replaces_the_old_one(tmp_path):
    path = tmp_path / "reports" / "bao-cao.docx"
    write_atomic(path, b"first")
    write_atomic(path, b"second")
    assert path.read_bytes() == b"second"
    assert [p.name for p in path.parent.iterdir()] == ["bao-cao.docx"]


def test_a_full_disk_leaves_the_old_file_and_no_half_one(tmp_path):
    """The system itself refuses after 64 KB, as a full disk does after its last block."""
    (tmp_path / "bao-cao.pdf").write_bytes(b"the issued one")
    code = f"""
        import resource
        from sachhon.documents.files import DiskFull, write_atomic
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
        try:
            write_atomic({str(tmp_path / "bao-cao.pdf")!r}, b"x" * 1_000_000)
        except DiskFull as error:
            print("refused:", error)
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False
    )
    assert "refused:" in run.stdout, run.stderr
    assert "no room for bao-cao.pdf (1.0 MB): free space in" in run.stdout
    assert (tmp_path / "bao-cao.pdf").read_bytes() == b"the issued one"
    assert [p.name for p in tmp_path.iterdir()] == ["bao-cao.pdf"]


def test_a_place_that_is_no_folder_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(DocumentNotWritten, match="check that the folder exists"):
        write_atomic(tmp_path / "file" / "bao-cao.pdf", b"x")
