"""Every read of the registry, a module an idea; each starts from what the asking user may see."""
