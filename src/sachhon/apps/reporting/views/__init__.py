"""Pages of the reporting room, a module an idea. Nothing is decided here: parse, call, render."""
