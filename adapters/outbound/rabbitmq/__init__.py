"""What waits and what is told between processes, on RabbitMQ: `docs/queues.md` tells how.

One connection per process, rebuilt by itself; everything else here is rebuilt with it.
"""
