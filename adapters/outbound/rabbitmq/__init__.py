"""The intake queue, the job queue and signals between processes on RabbitMQ, through aiormq.

`docs/queues.md` tells the topology and what it guarantees. Nothing here may be imported by another
adapter; the composition root takes the settings, the connection, the topology, the ports and the
consumer of dead letters.
"""
