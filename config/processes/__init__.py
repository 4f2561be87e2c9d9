"""Web, worker, timers and mail, forked from one process that has loaded the application.

What they have loaded is then in memory once, whatever their number. `python -m config.processes` runs one of each,
`python -m config.processes worker worker` what is named; the Procfile and a server's service manager do the same.
"""
