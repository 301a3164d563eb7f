"""Every write of the inbox, a module an idea.

`receiving` takes files in, `running` works through a job, `reading` opens one file, `placing` finds whose it
is, `taking` writes it, `mending` corrects and tries again, `undoing` takes back, `profiles` keeps mappings.
"""
