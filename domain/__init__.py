"""The rules of the business: pure functions and frozen values, on attrs and the standard library.

Nothing here does I/O, reads a clock or knows a framework; time is always an argument.
Every other package may import from here, this one imports from none of them.
"""
