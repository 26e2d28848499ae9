"""What the application needs from the world: one Protocol a file, named by its role.

Adapters implement them; each states what is durable on return, its order and its idempotency.
Adapters turn their drivers' exceptions into those of `application.faults`.
"""
