"""The ways in: each driver offers the vocabulary of `base` through one of the platform's doors.

`application` calls the use cases in this process; `http` starts the program and speaks to it as
agents and people do. `seen` turns the platform's views into what scenarios see, for both.
"""
