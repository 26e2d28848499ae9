"""Blocks, histories, alerts and quarantine in one DynamoDB table, through aioboto3.

A device's effects are one conditional write to its journal; `docs/storage.md` tells the keys and
what each call costs. Nothing here may be imported by another adapter: the composition root takes
the settings, the client and the four ports.
"""
