"""What people and agents can make the platform do: one verb phrase a file.

Inbound adapters call these and nothing deeper; refusals come back as values (receipts) where
they are expected and as `application.faults.Refused` where a request cannot be granted.
"""
