"""What the registry tells the rooms above it."""

from django.dispatch import Signal

# Sent inside the transaction, after monthly records of a facility changed: facility, years (sorted list).
records_changed = Signal()

# Sent inside the transaction when facilities were merged or a merge undone: kept, absorbed, undone (bool), merge.
facilities_merged = Signal()
