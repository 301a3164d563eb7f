"""Pages of the assessment room, a module an idea. Nothing is decided here: parse, call, render."""
