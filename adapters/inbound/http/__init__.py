"""HTTP: agents under `/agent`, the dashboard API under `/api/v1`, the pages, health, metrics.

Agents' calls are plain ASGI: they are most of the traffic, and each microsecond is paid a
million times a day. People's calls are Litestar controllers.
"""
