"""JMESPath's trees as Python functions: several times as fast as walking the tree.

Lists that are gone through are paid for in steps, and how often an expression may repeat what it
was given is known before it is run: so neither time nor memory can grow beyond the document's size
times a small number.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from adapters.outbound.jmespath_functions import called
from adapters.outbound.jmespath_values import Part, Tree, is_equal, is_false, order
from domain.mapping_expression import Effort, Expression, ExpressionRefused

MAX_DEPTH = 40
MAX_REPEATS = 32


def compiled(tree: Tree, text: str) -> Expression:
    """Raises ExpressionRefused. `text` is what the tree was read from."""
    part = _Compiler(text).part(tree, 0)
    if part.repeats > MAX_REPEATS:
        reason = f"may repeat the document {part.repeats} times, {MAX_REPEATS} is the most"
        raise ExpressionRefused(0, reason)
    run, nodes = part.run, part.nodes

    def expression(value: Any, effort: Effort) -> Any:
        effort.spend(nodes)
        return run(value, effort)

    return expression


@attrs.define
class _Compiler:
    text: str

    def part(self, tree: Tree, depth: int) -> Part:
        if depth > MAX_DEPTH:
            raise ExpressionRefused(0, f"is nested more than {MAX_DEPTH} deep")
        kind = tree["type"]
        if kind == "function_expression":
            return called(tree, self.text, self._parts(tree, depth), self._inner(tree, depth))
        if kind == "expref":
            raise ExpressionRefused(0, "`&` may only stand where a function asks for it")
        if kind in _LEAVES:
            return Part(_LEAVES[kind](tree))
        return _BRANCHES[kind](tree, self._parts(tree, depth))

    def _parts(self, tree: Tree, depth: int) -> list[Part]:
        children = [child for child in tree["children"] if child["type"] != "expref"]
        return [self.part(child, depth + 1) for child in children]

    def _inner(self, tree: Tree, depth: int) -> dict[int, Part]:
        """What stands behind an `&`, by its place among the arguments."""
        return {
            place: self.part(child["children"][0], depth + 1)
            for place, child in enumerate(tree["children"])
            if child["type"] == "expref"
        }


def _field(tree: Tree) -> Expression:
    name = tree["value"]
    return lambda value, effort: value.get(name) if type(value) is dict else None


def _literal(tree: Tree) -> Expression:
    literal = tree["value"]
    return lambda value, effort: literal


def _same(tree: Tree) -> Expression:
    return lambda value, effort: value


def _index(tree: Tree) -> Expression:
    place = tree["value"]

    def run(value: Any, effort: Effort) -> Any:
        if type(value) is not list or not -len(value) <= place < len(value):
            return None
        return value[place]

    return run


def _slice(tree: Tree) -> Expression:
    if tree["children"][2:] == [0]:
        raise ExpressionRefused(0, "the step of a slice cannot be 0")
    wanted = slice(*tree["children"])

    def run(value: Any, effort: Effort) -> Any:
        if type(value) is not list:
            return None
        effort.spend(len(value))
        return value[wanted]

    return run


def _chain(tree: Tree, parts: Sequence[Part]) -> Part:
    """One after the other."""
    runs = [part.run for part in parts]
    nodes, repeats = _sum(parts), math.prod(part.repeats for part in parts)
    if len(runs) == 2:
        first, second = runs
        return Part(lambda value, effort: second(first(value, effort), effort), nodes, repeats)

    def run(value: Any, effort: Effort) -> Any:
        for one in runs:
            value = one(value, effort)
        return value

    return Part(run, nodes, repeats)


def _projected(
    tree: Tree, parts: Sequence[Part], elements: Callable[[Any], Sequence[Any] | None]
) -> Part:
    base, each, *conditions = parts
    condition = conditions[0].run if conditions else None
    cost = each.nodes + (conditions[0].nodes if conditions else 0)

    def run(value: Any, effort: Effort) -> Any:
        found = elements(base.run(value, effort))
        if found is None:
            return None
        effort.spend(cost * len(found))
        inner = each.run
        collected = []
        for element in found:
            if condition is None or not is_false(condition(element, effort)):
                current = inner(element, effort)
                if current is not None:
                    collected.append(current)
        return collected

    return Part(run, base.nodes + 1, base.repeats * each.repeats)


def _projection(tree: Tree, parts: Sequence[Part]) -> Part:
    return _projected(tree, parts, lambda base: base if type(base) is list else None)


def _value_projection(tree: Tree, parts: Sequence[Part]) -> Part:
    return _projected(tree, parts, lambda base: [*base.values()] if type(base) is dict else None)


def _flatten(tree: Tree, parts: Sequence[Part]) -> Part:
    (base,) = parts

    def run(value: Any, effort: Effort) -> Any:
        found = base.run(value, effort)
        if type(found) is not list:
            return None
        effort.spend(sum(len(one) if type(one) is list else 1 for one in found))
        merged: list[Any] = []
        for element in found:
            if type(element) is list:
                merged += element
            else:
                merged.append(element)
        return merged

    return Part(run, base.nodes + 1, base.repeats)


def _list(tree: Tree, parts: Sequence[Part]) -> Part:
    runs = [part.run for part in parts]

    def run(value: Any, effort: Effort) -> Any:
        return None if value is None else [one(value, effort) for one in runs]

    return Part(run, _sum(parts), sum(part.repeats for part in parts))


def _object(tree: Tree, parts: Sequence[Part]) -> Part:
    names = [child["value"] for child in tree["children"]]
    runs = [part.run for part in parts]

    def run(value: Any, effort: Effort) -> Any:
        if value is None:
            return None
        return {name: one(value, effort) for name, one in zip(names, runs, strict=True)}

    return Part(run, _sum(parts), sum(part.repeats for part in parts))


def _or(tree: Tree, parts: Sequence[Part]) -> Part:
    first, second = parts

    def run(value: Any, effort: Effort) -> Any:
        found = first.run(value, effort)
        return second.run(value, effort) if is_false(found) else found

    return Part(run, _sum(parts), max(first.repeats, second.repeats))


def _and(tree: Tree, parts: Sequence[Part]) -> Part:
    first, second = parts

    def run(value: Any, effort: Effort) -> Any:
        found = first.run(value, effort)
        return found if is_false(found) else second.run(value, effort)

    return Part(run, _sum(parts), max(first.repeats, second.repeats))


def _not(tree: Tree, parts: Sequence[Part]) -> Part:
    (part,) = parts
    return Part(lambda value, effort: is_false(part.run(value, effort)), part.nodes + 1)


def _comparison(tree: Tree, parts: Sequence[Part]) -> Part:
    left, right = parts
    sign = tree["value"]
    if sign in ("eq", "ne"):
        wanted = sign == "eq"

        def equal(value: Any, effort: Effort) -> Any:
            one, other = left.run(value, effort), right.run(value, effort)
            return is_equal(one, other, effort) is wanted

        return Part(equal, _sum(parts))

    def ordered(value: Any, effort: Effort) -> Any:
        return order(sign, left.run(value, effort), right.run(value, effort))

    return Part(ordered, _sum(parts))


def _sum(parts: Sequence[Part]) -> int:
    return 1 + sum(part.nodes for part in parts)


_LEAVES: Mapping[str, Callable[[Tree], Expression]] = {
    "field": _field,
    "literal": _literal,
    "identity": _same,
    "current": _same,
    "index": _index,
    "slice": _slice,
}
_BRANCHES: Mapping[str, Callable[[Tree, Sequence[Part]], Part]] = {
    "subexpression": _chain,
    "index_expression": _chain,
    "pipe": _chain,
    "projection": _projection,
    "filter_projection": _projection,
    "value_projection": _value_projection,
    "flatten": _flatten,
    "multi_select_list": _list,
    "multi_select_dict": _object,
    "key_val_pair": _chain,
    "or_expression": _or,
    "and_expression": _and,
    "not_expression": _not,
    "comparator": _comparison,
}
