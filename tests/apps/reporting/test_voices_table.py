"""What factories say, on the province's page: each row's count opens the facilities that said it."""

import pytest

from sachhon.apps.reporting.province_tables import page_table
from sachhon.documents.model.report import VoiceRow
from sachhon.documents.report_tables import voices_table


@pytest.mark.parametrize("addressee", ["", "Bộ Công Thương"])
@pytest.mark.parametrize("examples", [(), ("Thiếu vốn",)])
@pytest.mark.parametrize("kind", ["difficulties", "requests"])
def test_the_count_opens_its_figure_whatever_columns_stand_beside_it(kind, addressee, examples):
    rows = tuple(VoiceRow(f"Ý kiến {i}", 3 + i, f"voices:{i}", examples, addressee) for i in range(2))
    shown = page_table(voices_table(kind, rows, "vi"), "vi")["rows"]
    for i, row in enumerate(shown):
        opened = [cell for cell in row["cells"] if f"voices:{i}" in cell]
        assert len(opened) == 1
        assert f">{3 + i}</a>" in opened[0]
