"""Chance that is the same for the same words: every draw of the model starts here."""

from random import Random


def chance(*words: object) -> Random:
    """A generator that depends on nothing but the words, on any machine and Python version."""
    return Random("/".join(str(word) for word in words))
