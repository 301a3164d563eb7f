"""Pages of the library, a module an idea. Nothing is decided here: parse, call, render."""
