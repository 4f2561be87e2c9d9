"""The modules of `apps/` as they stand on the disk, and what they import. Nothing is executed."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef
LEFT_OUT = ("migrations", "__pycache__")


@dataclass(frozen=True)
class Module:
    """One file.

    Attributes:
        name: dotted, such as ``apps.chat.views``; a package's is that of its folder.
        path: from the root of the repository.
        text: what it holds.
    """

    name: str
    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text, self.path)

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return len(self.text.splitlines())

    @property
    def app(self) -> str:
        """The folder of `apps/` that it stands in; empty for what stands beside the folders."""
        return app_of(self.name)

    @property
    def package(self) -> str:
        """What its relative imports start from."""
        return self.name if self.path.endswith("__init__.py") else self.name.rpartition(".")[0]


@dataclass(frozen=True)
class Import:
    """One name that a module imports.

    Attributes:
        module: where it comes from; a module that is imported itself.
        name: the name there; empty for the module itself.
        bound: what it is called here.
        is_late: imported inside a function.
    """

    module: str
    name: str
    bound: str
    is_late: bool


Modules = dict[str, Module]


def app_of(name: str) -> str:
    """The app of a dotted module name: ``chat`` of ``apps.chat.views``."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def modules_read(root: Path) -> Modules:
    """All modules of `apps/` by name, migrations left out.

    Args:
        root: the repository.
    """
    found = {}
    for path in sorted((root / "apps").rglob("*.py")):
        inside = path.relative_to(root)
        if not set(inside.parts) & set(LEFT_OUT):
            parts = inside.with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = Module(name, inside.as_posix(), path.read_text())
    return found


def imports_of(module: Module, modules: Modules) -> list[Import]:
    """What a module imports from `apps/`; what only the type checker sees is left out."""
    return [each for node, is_late in _statements(module.tree) for each in _imports(node, is_late, module, modules)]


def imports_in(function: Function, module: Module, modules: Modules) -> list[Import]:
    """What a function imports from `apps/` itself."""
    return [each for node, _ in _statements(function) for each in _imports(node, True, module, modules)]


def functions_of(module: Module) -> Iterator[tuple[Function, bool]]:
    """Every function and method of a module, and whether it stands at the top."""
    top = set(module.tree.body)
    for node in ast.walk(module.tree):
        if isinstance(node, Function):
            yield node, node in top


def _statements(node: ast.AST, is_late: bool = False) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, is_late
        elif isinstance(child, ast.If) and _is_for_types(child.test):
            for other in child.orelse:
                yield from _statements(other, is_late)
        else:
            yield from _statements(child, is_late or isinstance(child, Function))


def _is_for_types(test: ast.expr) -> bool:
    return ast.unparse(test).endswith("TYPE_CHECKING")


def _imports(node: ast.Import | ast.ImportFrom, is_late: bool, module: Module, modules: Modules) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name in modules:
                bound = alias.asname or alias.name
                yield Import(alias.name, "", bound, is_late)
        return
    source = _source(node, module)
    for alias in node.names:
        bound = alias.asname or alias.name
        if f"{source}.{alias.name}" in modules:
            yield Import(f"{source}.{alias.name}", "", bound, is_late)
        elif source in modules:
            yield Import(source, alias.name, bound, is_late)


def _source(node: ast.ImportFrom, module: Module) -> str:
    if not node.level:
        return node.module or ""
    parts = module.package.split(".")
    base = parts[: len(parts) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])
