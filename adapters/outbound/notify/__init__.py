"""Ways to tell people outside the dashboard: mail, webhooks and web push, an adapter each.

What is sent leaves the machine: `outgoing.py` decides where to it may go.
"""
