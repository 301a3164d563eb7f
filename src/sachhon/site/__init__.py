"""The roof of the house: settings, addresses, shared templates and static files. Holds no rule of the programme."""
