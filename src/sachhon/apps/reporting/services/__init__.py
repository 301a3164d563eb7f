"""Every write of the reporting room, a module an idea."""
