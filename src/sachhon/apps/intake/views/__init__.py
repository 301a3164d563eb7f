"""Pages of the inbox, a module an idea. Nothing is decided here: parse, call, render."""
