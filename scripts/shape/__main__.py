"""Prints the figures: make shape, or make shape ARGS="--verbose", or ARGS=path/to/another/checkout to compare with."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from scripts.shape.code import Code
from scripts.shape.cycles import apps_graph, cycles_find, imports_graph
from scripts.shape.figures import fan_out, function_lengths, one_word_functions, spread_of, undocumented_functions
from scripts.shape.flows import FLOWS, UnknownStartError, files_of
from scripts.shape.tree import Modules, modules_read

MOST_LINES = 400
MOST_FAN_OUT = 12
SHOWN = 10


def main() -> None:
    """Print the figures of the code in a repository's `apps/`."""
    parser = argparse.ArgumentParser(prog="make shape", description=__doc__)
    parser.add_argument("root", nargs="?", type=Path, default=Path(), help="a checkout; this one by default")
    parser.add_argument("--verbose", action="store_true", help="name everything that is counted")
    asked = parser.parse_args()
    modules = modules_read(asked.root)
    for part in (_functions, _modules, _cycles, _apps, _fan_out, _flows):
        for line in part(modules, asked.verbose):
            print(line)
        print()


def _functions(modules: Modules, verbose: bool) -> Iterator[str]:
    lengths = function_lengths(modules)
    yield _spread("functions and methods", [lines for lines, _ in lengths])
    yield from _longest(lengths)
    for title, found in (
        ("public top-level functions whose name is one word", one_word_functions(modules)),
        ("public top-level functions without a docstring", undocumented_functions(modules)),
    ):
        yield f"{title}: {len(found)}"
        yield from (f"  {each}" for each in found if verbose)


def _modules(modules: Modules, verbose: bool) -> Iterator[str]:
    del verbose
    lengths = [(module.lines, module.path) for module in modules.values() if module.lines]
    yield _spread("modules, empty ones left out", [lines for lines, _ in lengths])
    yield from _longest(lengths)
    yield f"modules over {MOST_LINES} lines: {sum(lines > MOST_LINES for lines, _ in lengths)}"


def _cycles(modules: Modules, verbose: bool) -> Iterator[str]:
    for late, title in ((False, "imports of modules alone"), (True, "imports inside functions, too")):
        graph = imports_graph(modules, late=late)
        for what, cycles in (("apps", cycles_find(apps_graph(graph))), ("modules", cycles_find(graph))):
            yield f"cycles between {what}, {title}: {len(cycles)}, largest {len(cycles[0]) if cycles else 1}"
            for cycle in cycles if verbose else cycles[:1]:
                yield from (f"  {each}" for each in cycle)


def _apps(modules: Modules, verbose: bool) -> Iterator[str]:
    del verbose
    apps = sorted({module.app for module in modules.values()} - {""})
    yield f"apps: {len(apps)}"
    for app in apps:
        lengths = [module.lines for module in modules.values() if module.app == app]
        yield f"  {app:<14}{len(lengths):>4} files{sum(lengths):>7} lines"


def _fan_out(modules: Modules, verbose: bool) -> Iterator[str]:
    counted = sorted(((fan_out(each, modules), each.path) for each in modules.values()), reverse=True)
    over = [each for each in counted if each[0] > MOST_FAN_OUT]
    yield f"files that import more than {MOST_FAN_OUT} modules of other apps: {len(over)}"
    yield from (f"{count:>5} {path}" for count, path in (counted[: len(over) + SHOWN] if verbose else over))


def _flows(modules: Modules, verbose: bool) -> Iterator[str]:
    code = Code(modules)
    yield "files to open to follow (scripts/shape/flows.py says how it is counted)"
    for flow in FLOWS:
        try:
            files = files_of(flow, code)
        except UnknownStartError as unknown:
            yield f"  {flow.name}: there is no {unknown}"
            continue
        yield f"  {flow.name:<14}{len(files):>4}"
        yield from (f"    {path}: {', '.join(names)}" for path, names in files.items() if verbose)


def _spread(title: str, lengths: list[int]) -> str:
    spread = spread_of(lengths)
    return f"{title}: {spread.count}; lines: median {spread.median}, p90 {spread.p90}, most {spread.most}"


def _longest(lengths: list[tuple[int, str]]) -> Iterator[str]:
    yield from (f"{lines:>5} {where}" for lines, where in sorted(lengths, reverse=True)[:SHOWN])


if __name__ == "__main__":
    main()
