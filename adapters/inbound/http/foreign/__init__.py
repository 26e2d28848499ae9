"""What agents that people already have say, read into our kinds and units.

One module per agent, each a pure function from bytes to a `Reading`: no I/O, no clock, and no
exception whatever the bytes are. The HTTP handlers beside this folder call `owntracks.read`,
`osmand.read_query`, `osmand.read_json`, `overland.read` and `activitywatch.read_events`; the
importers may too. Inside, `draft`, `checks`, `times`, `attributes` and `messages` are shared by
the agents' modules and by nobody else. Imports from `domain` only, besides msgspec and PyNaCl.
"""
