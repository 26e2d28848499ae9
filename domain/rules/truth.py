"""What a whole condition is, by what is believed of the single ones of which it is made."""

from collections.abc import Iterator, Sequence

from domain.rules.binding import BoundRule
from domain.rules.condition import AllOf, AnyOf, Condition, Nature, Not, Uses, nature
from domain.rules.leaves import Belief

Truth = tuple[bool | None, int]
"""True, false or unknown, and since when."""


def believed(bound: BoundRule, beliefs: tuple[Belief, ...]) -> Truth:
    """By a belief for each of the rule's single conditions, in their order."""
    if bound.when is bound.leaves[0]:
        return beliefs[0].truth, beliefs[0].since_ms
    return _state(bound.when, iter(beliefs))


def _state(when: Condition, beliefs: Iterator[Belief]) -> Truth:
    """Takes a belief for each single condition. Unknown is what what is unknown decides
    (Kleene's logic).
    """
    match when:
        case AllOf(parts):
            return _joined([_state(part, beliefs) for part in parts], decisive=False)
        case AnyOf((Uses(_, via), *others)) if via is not None:
            # One condition, by two kinds. One of them may never come: it must not keep the other
            # from deciding.
            two = [next(beliefs) for _ in (via, *others)]
            known = [(one.truth, one.since_ms) for one in two if one.truth is not None]
            return _joined(known, decisive=True) if known else (None, 0)
        case AnyOf(parts):
            return _joined([_state(part, beliefs) for part in parts], decisive=True)
        case Not(part):
            truth, since_ms = _state(part, beliefs)
            return (None if truth is None else not truth), since_ms
        case _:
            belief = next(beliefs)
            return belief.truth, belief.since_ms


def _joined(truths: Sequence[Truth], *, decisive: bool) -> Truth:
    """One that is decisive decides, since the first of them; else all others do, with the last."""
    deciding = [since_ms for truth, since_ms in truths if truth is decisive]
    if deciding:
        return decisive, min(deciding)
    if any(truth is None for truth, _ in truths):
        return None, 0
    return not decisive, max(since_ms for _, since_ms in truths)


def fires(when: Condition, beliefs: Iterator[tuple[int, Belief]], happened: frozenset[int]) -> bool:
    """Whether what has happened is the event of the rule, while its states hold."""
    if nature(when) is Nature.STATE:
        truth, _ = _state(when, (belief for _, belief in beliefs))
        return truth is True
    if isinstance(when, AllOf | AnyOf):
        # Each takes its beliefs, whatever those before it say.
        fired = [fires(part, beliefs, happened) for part in when.parts]
        return all(fired) if isinstance(when, AllOf) else any(fired)
    place, _ = next(beliefs)
    return place in happened
