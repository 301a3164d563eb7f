"""`python -m sachhon` is the same as `sachhon`."""

from sachhon.cli import main

main()
