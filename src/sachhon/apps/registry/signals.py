"""What the registry tells the rooms above it."""

from django.dispatch import Signal

# Sent inside the transaction, after monthly records of a facility changed: facility, years (sorted list).
records_changed = Signal()

# Sent inside the transaction, after other costs of a facility are closed than before (`closed_costs`): facility.
costs_closed = Signal()

# Sent inside the transaction when facilities were merged or a merge undone: kept, absorbed, undone (bool), merge.
facilities_merged = Signal()

# Asks, before a file's figures are laid in: facility, years (set). A receiver answers with those of the years that
# stand in a report already judged; their figures are not replaced by a file.
years_judged = Signal()

# Asks, after monthly records were written or before they are relied on: facility, years (set), reported (whether years
# that a report covers are asked about too). A receiver answers with the `FigureDoubt`s that are open about them.
figures_doubted = Signal()

# Sent inside the transaction, after the reference catalogue was copied into the database: what rooms above keep of
# the reference follows.
reference_synced = Signal()
