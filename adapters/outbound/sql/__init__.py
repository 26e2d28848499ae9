"""Accounts and configuration in SQL tables, through SQLAlchemy, on any engine it is given."""
