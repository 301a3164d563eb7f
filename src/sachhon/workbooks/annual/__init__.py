"""A factory's annual report as a workbook: the official template, its reader, and its usual faults.

`model` is what a report says, `template` writes it into a workbook, `read` takes it out of whatever
comes back, `mess` spoils a workbook the way people do. Nothing here knows of users, deadlines or the store.
"""

from pathlib import Path

from sachhon.workbooks.problems import register_catalogue

register_catalogue(Path(__file__).with_name("messages.csv"))
