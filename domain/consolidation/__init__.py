"""A day derived from observations when somebody looks: stays, trips, sessions and their sums.

Pure functions over columns: nothing derived is stored, so late data, erasure and changed places
need no repair. `timeline` and `summary` are for the queries, the rest is what they are made of.
"""
