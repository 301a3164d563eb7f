"""What the services of the registry refuse with, beside ValidationError."""


class Conflict(Exception):
    """Somebody else saved in between. `theirs` holds the fields they changed, with the values now stored."""

    def __init__(self, theirs: dict):
        super().__init__(", ".join(theirs))
        self.theirs = theirs
