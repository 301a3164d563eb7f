"""Pages of the registry, a module an idea. Nothing is decided here: parse, call, render."""
