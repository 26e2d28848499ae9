"""Rules: typed sentences about a device, judged on event time by pure functions.

`condition` says what can be asked, `rule` the whole sentence, `judge` what an observation does
to a rule's memory, `track` in which of a device's two lines of history it is judged.
"""
