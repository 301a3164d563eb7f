"""Writes of the programme: judging facilities, computing the results of targets."""
