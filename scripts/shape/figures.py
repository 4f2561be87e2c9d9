"""How long functions and modules are, how they are named, and how much each knows of other apps."""

import ast
import math
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.shape.tree import Module, Modules, functions_of, imports_of


@dataclass(frozen=True)
class Spread:
    """How lengths are spread.

    Attributes:
        count: how many there are.
        median: half are at most this long, in lines.
        p90: nine in ten are at most this long.
        most: the longest.
    """

    count: int
    median: int
    p90: int
    most: int


def spread_of(lengths: Sequence[int]) -> Spread:
    """The spread of some lengths."""
    ordered = sorted(lengths)
    return Spread(len(ordered), _at(ordered, 0.5), _at(ordered, 0.9), ordered[-1] if ordered else 0)


def function_lengths(modules: Modules) -> list[tuple[int, str]]:
    """Lines of every function and method, its docstring with it, and where it stands."""
    return [
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{module.path}:{node.lineno} {node.name}")
        for module in modules.values()
        for node, _ in functions_of(module)
    ]


def one_word_functions(modules: Modules) -> list[str]:
    """Public functions at the top of a module whose name is one word."""
    return [
        f"{module.path}:{node.lineno} {node.name}"
        for module in modules.values()
        for node, is_top in functions_of(module)
        if is_top and "_" not in node.name
    ]


def undocumented_functions(modules: Modules) -> list[str]:
    """Public functions at the top of a module that have no docstring."""
    return [
        f"{module.path}:{node.lineno} {node.name}"
        for module in modules.values()
        for node, is_top in functions_of(module)
        if is_top and not node.name.startswith("_") and not ast.get_docstring(node)
    ]


def fan_out(module: Module, modules: Modules) -> int:
    """How many modules of other apps a module imports."""
    return len({each.module for each in imports_of(module, modules) if modules[each.module].app != module.app})


def _at(ordered: Sequence[int], part: float) -> int:
    return ordered[max(math.ceil(len(ordered) * part) - 1, 0)] if ordered else 0
