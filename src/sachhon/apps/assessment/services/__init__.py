"""Every write of the assessment room, a module an idea."""
