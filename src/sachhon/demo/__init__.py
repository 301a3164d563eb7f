"""The demo province: invented factories with believable figures, made by a documented generator."""
