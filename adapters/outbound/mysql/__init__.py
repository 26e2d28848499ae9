"""Accounts and configuration on MySQL 8 or MariaDB 10.11, for processes that come and go.

The tables are those of `adapters.outbound.sql`. Migrations are beside this file; only
`fieldpost migrate` runs them.
"""
