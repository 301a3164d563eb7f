"""What the assessment room tells the rooms above it."""

from django.dispatch import Signal

# Sent inside the transaction, after a saving was judged or the judgement was taken back: facility, years (sorted list
# of those that the measured months lie in). What counts verified savings is no longer what it was.
saving_judged = Signal()
