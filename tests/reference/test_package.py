"""The package as others use it: quick to import, alone, and with a command line."""

import subprocess
import sys
from pathlib import Path

import sachhon.reference
from sachhon.reference import source_in
from sachhon.reference.__main__ import main

HERE = Path(sachhon.reference.__file__).parent


def test_importing_loads_neither_pint_nor_anything_of_ours():
    probe = (
        "import sys, sachhon.reference;"
        "ours = [m for m in sys.modules if m.startswith('sachhon.') and not m.startswith('sachhon.reference')];"
        "print('pint' in sys.modules, 'numpy' in sys.modules, 'django' in sys.modules, ours)"
    )
    out = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "False False False []"


def test_every_public_name_is_there():
    for name in sachhon.reference.__all__:
        assert hasattr(sachhon.reference, name)


def test_data_files_are_utf8_with_unix_line_ends():
    for path in (HERE / "data").glob("*.csv"):
        text = path.read_bytes()
        assert b"\r" not in text, path.name
        assert text.decode("utf-8").endswith("\n"), path.name


def test_the_command_line_shows_a_fact(capsys):
    assert main(["show", "toe.coal_cam_5_6", "--on", "2024-01-01"]) == 0
    shown = capsys.readouterr().out
    assert "0,5 TOE/tấn" in shown
    assert "Công văn 3505/BCT-KHCN" in shown


def test_the_command_line_says_what_is_wrong_and_fails(capsys):
    assert main(["show", "co2.electricity", "--on", "2001-01-01"]) == 1
    assert "2010-01-01" in capsys.readouterr().err
    assert main(["tables"]) == 0
    assert "toe\n" in capsys.readouterr().out


def test_a_source_is_named_in_the_language():
    law = "Công văn 3505/BCT-KHCN ngày 19/4/2011 (eecc.com.vn)"
    assert source_in(law, "vi") == law
    assert source_in(law, "en") == "Official letter 3505/BCT-KHCN of 19/4/2011 (eecc.com.vn)"
    assert source_in("from memory: audit practice", "vi") == "theo trí nhớ: audit practice"
    assert source_in("Lịch", "en") == "calendar"
    assert source_in("Lịchx", "en") == "Lịchx"
