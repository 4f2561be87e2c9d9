"""Import cycles: sets of modules, or of apps, each of which reaches every other by imports."""

from collections.abc import Iterable

from scripts.shape.tree import Modules, app_of, imports_of

Graph = dict[str, set[str]]


def imports_graph(modules: Modules, *, late: bool) -> Graph:
    """Who imports whom.

    Args:
        modules: all of them.
        late: whether imports inside functions count.
    """
    return {
        name: {each.module for each in imports_of(module, modules) if late or not each.is_late} - {name}
        for name, module in modules.items()
    }


def apps_graph(graph: Graph) -> Graph:
    """The same between apps."""
    found: Graph = {}
    for name, targets in graph.items():
        app = app_of(name)
        found.setdefault(app, set()).update({app_of(each) for each in targets} - {app})
    return found


def cycles_find(graph: Graph) -> list[list[str]]:
    """All cycles, the largest first: strongly connected parts of more than one member (Kosaraju)."""
    order: list[str] = []
    seen: set[str] = set()
    for start in sorted(graph):
        order += _finished(start, graph, seen)
    backwards = _turned(graph)
    seen = set()
    parts = [sorted(_finished(start, backwards, seen)) for start in reversed(order)]
    return sorted((part for part in parts if len(part) > 1), key=lambda part: (-len(part), part))


def _finished(start: str, graph: Graph, seen: set[str]) -> list[str]:
    """What can be reached from a start and was not seen before; each after all that is reached from it."""
    if start in seen:
        return []
    seen.add(start)
    done, stack = [], [(start, _targets(start, graph))]
    while stack:
        node, targets = stack[-1]
        following = next((each for each in targets if each not in seen), None)
        if following is None:
            done.append(node)
            stack.pop()
        else:
            seen.add(following)
            stack.append((following, _targets(following, graph)))
    return done


def _targets(node: str, graph: Graph) -> Iterable[str]:
    return iter(sorted(graph.get(node, ())))


def _turned(graph: Graph) -> Graph:
    found: Graph = {node: set() for node in graph}
    for node, targets in graph.items():
        for each in targets:
            found.setdefault(each, set()).add(node)
    return found
