"""Every port on one SQLite file, in one process, without a server.

The file holds the configuration (through SQLAlchemy) and, beside it, the queue, the blocks,
the histories and the alerts. One thread writes; whoever waits at once shares one fsync.
"""
