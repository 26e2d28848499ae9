"""Use cases, queries, and the ports through which they reach the world.

May import the domain; knows no adapter, no framework and no driver.
"""
