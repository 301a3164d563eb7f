"""A factory's annual report as a workbook: the official template, its reader, and its usual faults.

`model` is what a report says, `template` writes it into a workbook, `read` takes it out of whatever
comes back. Nothing here knows of users, deadlines or the store.
"""
