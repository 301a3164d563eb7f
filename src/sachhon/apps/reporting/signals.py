"""What the reporting room tells itself and higher rooms."""

from django.dispatch import Signal

# Sent inside the transaction, after a report took a step of the workflow or a doubt of it was
# settled: report (as stored then), action.
report_moved = Signal()

# Sent inside the transaction, after an officer settled a doubt about records that no report covers: facility, year.
record_doubt_settled = Signal()
