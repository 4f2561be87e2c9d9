"""What a name in the code stands for: a function or class of `apps/`, through imports, packages and base classes."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from scripts.shape.tree import Function, Import, Modules, imports_in, imports_of

EVENTS = "subscribe"
"""The decorator by which a function handles an event: its argument is the event's class."""


@dataclass(frozen=True)
class Definition:
    """A function or a class.

    Attributes:
        module: the dotted name of its module.
        name: its name there; a method's with its class before it.
    """

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}:{self.name}"


Types = dict[str, Definition]
"""Of which class the names of a function are, as far as it can be told."""


class Code:
    """All functions and classes, and what they use.

    Args:
        modules: all modules.
    """

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self.nodes: dict[Definition, Function | ast.ClassDef] = {}
        self._imports = {name: _bound(imports_of(module, modules)) for name, module in modules.items()}
        for module in modules.values():
            self.nodes |= {Definition(module.name, name): node for name, node in _defined(module.tree.body)}
        self.handlers = self._handlers()

    def find(self, module: str, path: list[str], late: dict[str, Import] | None = None) -> Definition | str | None:
        """What a dotted name means in a module: a definition, the name of a module, or nothing of ours.

        Args:
            module: where it is read.
            path: the parts of the name.
            late: what the function imports itself.
        """
        if Definition(module, path[0]) in self.nodes:
            return self._member(Definition(module, path[0]), path[1:])
        imported = (late or {}).get(path[0]) or self._imports[module].get(path[0])
        if imported is None:
            return None
        if imported.name:
            return self.find(imported.module, [imported.name, *path[1:]])
        return self._in_module(imported.module, path[1:])

    def method(self, owner: Definition, name: str) -> Definition | None:
        """The method that a class has by this name, its own or a base's."""
        own = Definition(owner.module, f"{owner.name}.{name}")
        if own in self.nodes:
            return own
        found = (self.method(base, name) for base in self.bases(owner))
        return next(filter(None, found), None)

    def bases(self, owner: Definition) -> Iterator[Definition]:
        """The classes of ours that a class inherits from."""
        node = self.nodes[owner]
        for base in node.bases if isinstance(node, ast.ClassDef) else ():
            found = self.find(owner.module, _path(base)) if _path(base) else None
            if isinstance(found, Definition):
                yield found

    def is_class(self, found: Any) -> bool:
        """Whether this is a class of ours."""
        return isinstance(found, Definition) and isinstance(self.nodes[found], ast.ClassDef)

    def used_by(self, user: Definition) -> list[Definition]:
        """The functions and classes that a function names, called or handed on; each once, in their order."""
        node = self.nodes[user]
        if isinstance(node, ast.ClassDef):
            return [each for name in ("__init__", "__post_init__") if (each := self.method(user, name))]
        return list(dict.fromkeys(_Reader(self, user, node).read()))

    def returns(self, function: Definition, late: dict[str, Import] | None = None) -> Definition | None:
        """The class of ours that a function gives, by its annotation."""
        node = self.nodes[function]
        return self.annotated(function.module, node.returns, late) if isinstance(node, Function) else None

    def annotated(
        self, module: str, annotation: ast.expr | None, late: dict[str, Import] | None = None
    ) -> Definition | None:
        """The class of ours that an annotation names, with or without ``| None``."""
        if isinstance(annotation, ast.BinOp):
            return self.annotated(module, annotation.left, late) or self.annotated(module, annotation.right, late)
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            annotation = ast.parse(annotation.value, mode="eval").body
        path = _path(annotation) if annotation is not None else []
        found = self.find(module, path, late) if path else None
        return found if isinstance(found, Definition) and self.is_class(found) else None

    def _in_module(self, module: str, path: list[str]) -> Definition | str | None:
        if not path:
            return module
        if f"{module}.{path[0]}" in self.modules:
            return self._in_module(f"{module}.{path[0]}", path[1:])
        return self.find(module, path)

    def _member(self, owner: Definition, path: list[str]) -> Definition | None:
        if not path or not self.is_class(owner):
            return owner
        return self.method(owner, path[0]) or owner

    def _handlers(self) -> dict[Definition, list[Definition]]:
        found: dict[Definition, list[Definition]] = {}
        for definition, node in self.nodes.items():
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and _path(call.func)[-1:] == [EVENTS]:
                    event = self.find(definition.module, _path(call.args[0]))
                    if isinstance(event, Definition):
                        found.setdefault(event, []).append(definition)
        return found


class _Reader:
    """Reads one function."""

    def __init__(self, code: Code, user: Definition, node: Function) -> None:
        self.code, self.user, self.node = code, user, node
        self.late = _bound(imports_in(node, code.modules[user.module], code.modules))
        self.types: Types = {}
        self._types_note()

    def read(self) -> Iterator[Definition]:
        """What is named, in the order in which it stands."""
        for statement in self.node.body:
            yield from self._named(statement)

    def _named(self, node: ast.AST) -> Iterator[Definition]:
        if isinstance(node, ast.Attribute | ast.Name):
            found = self._find(node)
            if found is not None:
                yield found
                return
        for child in ast.iter_child_nodes(node):
            yield from self._named(child)

    def _find(self, node: ast.expr) -> Definition | None:
        if isinstance(node, ast.Attribute):
            owner = self._type(node.value)
            if owner is not None:
                return self.code.method(owner, node.attr)
        path = _path(node)
        found = self.code.find(self.user.module, path, self.late) if path else None
        return found if isinstance(found, Definition) else None

    def _type(self, node: ast.expr) -> Definition | None:
        """Of which class of ours a value is."""
        if isinstance(node, ast.Name):
            return self.types.get(node.id)
        if isinstance(node, ast.Await):
            return self._type(node.value)
        if not isinstance(node, ast.Call):
            return None
        if _path(node.func) == ["super"]:
            return next(self.code.bases(self._owner()), None) if self._owner() else None
        called = self._find(node.func)
        if called is None:
            return None
        return called if self.code.is_class(called) else self.code.returns(called)

    def _owner(self) -> Any:
        owner, _, method = self.user.name.rpartition(".")
        return Definition(self.user.module, owner) if owner and method else None

    def _types_note(self) -> None:
        arguments = self.node.args
        for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            self._note(each.arg, self.code.annotated(self.user.module, each.annotation, self.late))
        if self._owner():
            self.types |= {"self": self._owner(), "cls": self._owner()}
        for node in ast.walk(self.node):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self._note(node.targets[0].id, self._type(node.value))

    def _note(self, name: str, found: Definition | None) -> None:
        if found is not None:
            self.types[name] = found


def _defined(body: Iterable[ast.stmt], owner: str = "") -> Iterator[tuple[str, Function | ast.ClassDef]]:
    for node in body:
        if isinstance(node, Function | ast.ClassDef):
            yield owner + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from _defined(node.body, f"{owner}{node.name}.")


def _bound(imports: Iterable[Import]) -> dict[str, Import]:
    return {each.bound: each for each in imports}


def _path(node: ast.AST | None) -> list[str]:
    """The parts of a dotted name; nothing where it is none."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        before = _path(node.value)
        return [*before, node.attr] if before else []
    return []
