"""What two people changed at the same time, as the rows of options/parts/clashes.html."""

from collections.abc import Callable

from sachhon.apps.assessment.services.merging import Collision


def rows_of(
    clash: Collision, label: Callable[[str], str], word: Callable[[str, object], str]
) -> list[dict[str, str]]:
    """A row a field. label : path → what the field is called; word : (path, value) → the value in words."""
    return [
        {
            "path": c.field,
            "label": label(c.field),
            "mine": word(c.field, c.mine),
            "theirs": word(c.field, c.theirs),
            "by": c.by,
        }
        for c in clash.clashes
    ]
