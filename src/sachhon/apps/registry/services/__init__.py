"""Every write of the registry, a module an idea."""
