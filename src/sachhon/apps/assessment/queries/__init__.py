"""Every read of the assessment room, a module an idea; every list starts from `visible_to`."""
