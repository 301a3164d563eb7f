"""Writes of the library: taking in the data files, editing, reviewing, publishing, importing."""
