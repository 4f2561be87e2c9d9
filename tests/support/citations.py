"""What docstrings, comments and pages cite (requirement ids, files, names in the code), and whether it is there."""

import ast
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

PRODUCT = "docs/product.md"
"""What is required; it speaks of what is still to come, too."""
CODE = ("apps", "config", "scripts", "tests")
BROWSER = ("static", "templates")
LEFT_OUT = {"node_modules", "migrations", "__pycache__", "corpus"}
KINDS = re.compile(
    r"(actions|admin|choices|consumers|deadlines|events|forms|frames|handlers|models|seeds|selectors|steps|tasks|urls)\.py"
    r"|views\.py"
)
"""Kinds of files (docs/architecture.md): speaking of one need not mean one's own app's."""

ID = re.compile(r"(?<![\w-])([A-Z]{2,4}-\d+)\b(?![-\w])")
RANGE = re.compile(r"\b([A-Z]{2,4})-(\d+)(?: to |\.\.|–)(?:[A-Z]{2,4}-)?(\d+)\b")
DEFINED = re.compile(r"^- ([A-Z]+-\d+) ", re.MULTILINE)
STANDARDS = frozenset({"AES-256", "SHA-1", "SHA-256", "UTF-8"})
"""What looks like a requirement and is none."""
OF_OTHERS = frozenset({"AppConfig.ready", "__qualname__", "aget", "entity_verb", "nohup"})
"""Names of Django, Python and the system that our code does not use; and the pattern of our actions' names."""

FILE = re.compile(
    r"(?<![\w/:@.<>{}-])"
    r"((?:\.\./)*\.?[\w-]+(?:/[\w*.-]+)*\.(?:py|md|js|css|html|toml|ts|txt|sh|sql|json|png))\b(?!\()"
)
FOLDER = re.compile(
    r"(?<![\w/.-])"
    r"((?:adr|apps|config|docs|scripts|static|templates|tests)/[\w/-]*\w)(?![\w./-]*\.\w|\.\w)"
)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
TEST = re.compile(r"\b(tests/[\w/]+\.py)::(\w+)")
COMMAND = re.compile(r"\bmanage\.py ([a-z]+_\w+)")
COMMANDS_OF_OTHERS = frozenset({"migrate_schemas"})
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
TICKED = re.compile(r"``([^`]+)``|`([^`]+)`")
NAME = re.compile(r"@?([A-Za-z_]\w*(?:[./][A-Za-z_]\w*)*)(?:\(.*\))?")
WORD = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")

COMMENTS = {
    ".py": re.compile(r"(?:^|\s)#\s(.*)$", re.MULTILINE),
    ".js": re.compile(r"(?:^|\s)//\s(.*)$|/\*(.*?)\*/", re.MULTILINE | re.DOTALL),
    ".css": re.compile(r"/\*(.*?)\*/", re.DOTALL),
    ".html": re.compile(r"\{#(.*?)#\}|\{% comment %\}(.*?)\{% endcomment %\}", re.DOTALL),
}


@dataclass(frozen=True)
class Citing:
    """A text that may cite.

    Attributes:
        path: the file that it stands in, from the root.
        line: where it begins there.
        text: it.
        names_code: whether what stands in backticks are names of Python.
    """

    path: str
    line: int
    text: str
    names_code: bool

    @property
    def app(self) -> str:
        """The folder of the app that it belongs to, or of the tests; empty for what belongs to none."""
        parts = PurePosixPath(self.path).parts
        within = len(parts) > 2 and parts[0] in CODE and parts[1] != "adr"
        return "/".join(parts[:2]) if within else ""

    def where(self, text: str) -> str:
        """The place of a part of it, for people."""
        return f"{self.path}:{self.line + self.text[: self.text.find(text)].count(chr(10))} {text}"


class Repository:
    """All files, what the code defines and which words it has; read once.

    Args:
        root: where it stands.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = {path.relative_to(root).as_posix() for path in _files(root)}
        self.folders = {str(parent) for file in self.files for parent in PurePosixPath(file).parents}
        self.ids = set(DEFINED.findall((root / PRODUCT).read_text())) | STANDARDS
        self.citing: list[Citing] = []
        self.words: set[str] = set(OF_OTHERS)
        self.defined: defaultdict[str, set[str]] = defaultdict(set)
        self._by_name: defaultdict[str, set[str]] = defaultdict(set)
        self._packages = {folder.replace("/", ".") for folder in self.folders}
        for file in sorted(self.files):
            self._by_name[PurePosixPath(file).name].add(file)
            self._read(file)

    def unknown_ids(self, citing: Citing) -> Iterator[str]:
        """Requirements that docs/product.md has no line for."""
        found = set(ID.findall(citing.text))
        for family, first, last in RANGE.findall(citing.text):
            found |= {f"{family}-{number}" for number in range(int(first), int(last) + 1)}
        yield from sorted(found - self.ids)

    def unknown_files(self, citing: Citing) -> Iterator[str]:
        """Files and folders that are not there."""
        for cited in dict.fromkeys([*FILE.findall(citing.text), *FOLDER.findall(citing.text)]):
            if not self._is_file(cited, citing):
                yield cited
        here = PurePosixPath(citing.path).parent
        for link in LINK.findall(citing.text) if citing.path.endswith(".md") else ():
            if not (self.root / here / link).exists():
                yield link
        for file, test in TEST.findall(citing.text):
            if test not in self.defined[_module(file)]:
                yield f"{file}::{test}"
        for command in COMMAND.findall(citing.text):
            if command not in COMMANDS_OF_OTHERS and f"{command}.py" not in self._by_name:
                yield f"manage.py {command}"

    def unknown_names(self, citing: Citing) -> Iterator[str]:
        """Names of the code, in backticks, that the code does not have."""
        if not citing.names_code:
            return
        for pair in TICKED.findall(FENCED.sub("", citing.text)):
            ticked = pair[0] or pair[1]
            match = NAME.fullmatch(" ".join(ticked.split()))
            if match and not FILE.fullmatch(ticked) and not self._is_name(match[1], citing):
                yield ticked

    def _is_file(self, cited: str, citing: Citing) -> bool:
        if re.fullmatch(r"adr/\d{4}", cited):
            return any(file.startswith(f"apps/{cited}-") for file in self.files)
        above = [str(parent) for parent in PurePosixPath(citing.path).parents]
        if any(self._is_there(f"{folder}/{cited}") for folder in (*above, "apps", "static/js")):
            return True
        named = {file for file in self._by_name[PurePosixPath(cited).name] if file.endswith(f"/{cited}")}
        if not citing.app or not cited.endswith(".py") or "/" in cited:
            return bool(named)
        return bool(KINDS.fullmatch(cited)) or any(file.startswith(f"{citing.app}/") for file in named)

    def _is_there(self, path: str) -> bool:
        path = posixpath.normpath(path)
        if "*" in path:
            return any(PurePosixPath(file).match(path) for file in self.files)
        return path in self.files or path in self.folders

    def _is_name(self, name: str, citing: Citing) -> bool:
        dotted = name.replace("/", ".")
        if dotted in self.words or ("/" in name and "." not in name):
            return True  # The second may be an address of a page.
        parts = dotted.split(".")
        return len(parts) > 1 and any(self._leads_to(start, parts) for start in self._starts(citing))

    def _starts(self, citing: Citing) -> list[str]:
        """The packages in which a dotted name may begin: those of the citing app, or all for what is of none."""
        own = citing.app.replace("/", ".")
        return ["", "apps", *sorted(package for package in self._packages if not own or _is_in(package, own))]

    def _leads_to(self, start: str, parts: list[str]) -> bool:
        """Whether these parts are a module and what it defines, or an app and what a module of it defines."""
        whole = [*([start] if start else []), *parts]
        for cut in range(len(whole), 0, -1):
            module, rest = ".".join(whole[:cut]), ".".join(whole[cut:])
            if module in self.defined and cut > len(whole) - len(parts):
                return not rest or rest in self.defined[module] or self._in_app(module, rest)
        return any(
            ".".join(parts) in names for module, names in self.defined.items() if start and _is_in(module, start)
        )

    def _in_app(self, module: str, rest: str) -> bool:
        return any(rest in names for name, names in self.defined.items() if _is_in(name, module))

    def _read(self, file: str) -> None:
        path, suffix = self.root / file, PurePosixPath(file).suffix
        if suffix == ".md":
            if file != "CHANGELOG.md":
                self.citing.append(Citing(file, 1, path.read_text(), names_code=file != PRODUCT))
        elif suffix == ".py":
            self._read_python(file, path.read_text())
        elif suffix in COMMENTS or suffix in {"", ".toml", ".json", ".sh", ".in"}:
            text = path.read_text()
            self._note_words(text)
            self.citing += _comments(file, text, COMMENTS.get(suffix))

    def _read_python(self, file: str, text: str) -> None:
        tree = ast.parse(text)
        self.defined[_module(file)] = set(_definitions(tree.body))
        lines = text.split("\n")
        for node in _docstrings(tree.body):
            self.citing.append(Citing(file, node.lineno, str(node.value), names_code=True))
            lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or node.lineno) - node.lineno + 1)
        code = "\n".join(lines)
        self.citing += _comments(file, code, COMMENTS[".py"], names_code=True)
        self._note_words(COMMENTS[".py"].sub("", code))

    def _note_words(self, text: str) -> None:
        """Every word, and of dotted ones each part that is dotted, too."""
        for word in set(WORD.findall(text)) - self.words:
            parts = word.split(".")
            self.words |= {".".join(parts[a:b]) for a in range(len(parts)) for b in range(a + 1, len(parts) + 1)}


def _files(root: Path) -> Iterator[Path]:
    yield from (path for path in root.iterdir() if path.is_file())
    for folder in (*CODE, *BROWSER, "docs", "requirements", ".ci"):
        for path in (root / folder).rglob("*"):
            if path.is_file() and LEFT_OUT.isdisjoint(path.relative_to(root).parts):
                yield path


def _module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _comments(file: str, text: str, shape: re.Pattern[str] | None, *, names_code: bool = False) -> Iterator[Citing]:
    for match in shape.finditer(text) if shape else ():
        said = next(filter(None, match.groups()), "")
        yield Citing(file, text.count("\n", 0, match.start()) + 1, said, names_code)


def _docstrings(body: Iterable[ast.stmt]) -> Iterator[ast.Constant]:
    """Strings that stand by themselves: those of modules, classes and functions, and those below a constant."""
    for statement in body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            if isinstance(statement.value.value, str):
                yield statement.value
        elif isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.If | ast.With):
            yield from _docstrings(statement.body)


def _definitions(body: Iterable[ast.stmt], owner: str = "") -> Iterator[str]:
    for node in body:
        for name in _bound(node):
            yield owner + name
        if isinstance(node, ast.ClassDef):
            yield from _definitions(node.body, f"{owner}{node.name}.")
        elif isinstance(node, ast.If | ast.With | ast.Try):
            yield from _definitions(node.body, owner)


def _bound(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name for alias in node.names]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]
