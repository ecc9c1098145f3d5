"""Design rules that can be checked automatically."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest

import omics_tasks
from omics_tasks._async_client import AsyncClient
from omics_tasks._core.model import Input
from omics_tasks._core.operation import Operation
from omics_tasks._sync_client import SyncClient
from omics_tasks.testing import LocalAWS

ROOT = Path(omics_tasks.__file__).parent
SERVICES = ("healthomics", "ecs", "deadline")

# A package or module may import what stands in a line below its own, and its own room.
LAYERS = [
    {"testing"},
    {"__init__"},
    set(SERVICES),
    {"_sync_client", "_async_client"},
    {"_client"},
    {"_call"},
    {"config", "pagination"},
    {"_io"},
    {"_core"},
    {"errors"},
    {"states", "_version"},
]


def modules() -> Iterator[tuple[str, Path]]:
    """Return the dotted name below the package and the file of every module."""
    for path in sorted(ROOT.rglob("*.py")):
        yield ".".join(path.relative_to(ROOT).with_suffix("").parts), path


def imports(name: str, path: Path, *, of_loading_alone: bool = False) -> Iterator[str]:
    """Return the absolute names of a module's imports: all, or those at its top level."""
    package = ["omics_tasks", *name.split(".")[:-1]]
    tree = ast.parse(path.read_text())
    for node in tree.body if of_loading_alone else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *(node.module or "").split(".")]).rstrip(".")
            yield from (f"{module}.{alias.name}" for alias in node.names)


def layer_of(room: str) -> int:
    return next(index for index, rooms in enumerate(LAYERS) if room in rooms)


def test_arrows_point_down_only() -> None:
    """A module imports only from lower layers and its own package."""
    up = [
        f"{name} imports {target}"
        for name, path in modules()
        for target in imports(name, path)
        if target.startswith("omics_tasks.")
        for room, to in [(name.split(".")[0], target.split(".")[1])]
        if room != to and to in set().union(*LAYERS) and layer_of(room) >= layer_of(to)
    ]
    assert [] == up


def test_there_are_no_import_cycles() -> None:
    """No module imports itself through other modules at its top level."""
    names = {f"omics_tasks.{name}".removesuffix(".__init__"): path for name, path in modules()}
    graph = {
        name: {
            known
            for target in imports(name.removeprefix("omics_tasks."), path, of_loading_alone=True)
            for known in (target, target.rpartition(".")[0])
            if known in names and known != name
        }
        for name, path in names.items()
        if path.name != "__init__.py"
    }
    TopologicalSorter(graph).prepare()


def test_every_module_has_a_layer() -> None:
    """Every module has a layer."""
    rooms = {name.split(".")[0] for name, _ in modules()}
    assert rooms == set().union(*LAYERS)


def foreign(prefix: str) -> dict[str, set[str]]:
    """Return the modules under ``prefix`` with the third-party packages that they import."""
    return {
        name: {target.split(".")[0] for target in imports(name, path)} - {"omics_tasks"}
        for name, path in modules()
        if name.startswith(prefix)
    }


def test_the_core_is_pure() -> None:
    """The core does no I/O and imports no library that does."""
    impure = {
        "httpx", "botocore", "tenacity", "asyncio", "os", "socket", "ssl", "subprocess", "pathlib",
        "logging", "urllib3", "http.client",
    }  # fmt: skip
    assert {} == {name: used & impure for name, used in foreign("_core").items() if used & impure}


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("httpx", {"_io.sigv4", "_io.transport", "testing.transport"}),
        ("httpcore", {"_io.connections", "_io.pool"}),
        ("tenacity", {"_io.retrying"}),
        ("aiohttp", {"_io.aiohttp"}),
        ("h11", {"testing.server"}),
        ("botocore", {"_io.credential_chain", "_io.renewal", "_io.profiles"}),
    ],
)
def test_a_dependency_has_its_home(library: str, homes: set[str]) -> None:
    """Each dependency is imported only in the modules listed for it."""
    assert homes == {name for name, used in foreign("").items() if library in used}


CLIENTS = {
    name: (getattr(omics_tasks, name), getattr(omics_tasks, f"Async{name}"))
    for name in ("HealthOmicsClient", "ECSClient", "DeadlineClient")
}


def public_methods(cls: type) -> dict[str, Any]:
    return {
        name: method
        for name, method in inspect.getmembers(cls, inspect.isfunction)
        if not name.startswith("_") and name not in ("close", "aclose")
    }


def plain(annotation: Any) -> str:
    return str(annotation).replace("Async", "").replace("Sync", "")


@pytest.mark.parametrize("name", CLIENTS)
def test_both_clients_have_the_same_signatures(name: str) -> None:
    """Sync and async clients have the same methods, arguments, defaults and types."""
    sync, twin = (public_methods(cls) for cls in CLIENTS[name])
    assert sync.keys() == twin.keys()
    for method in sync:
        ours, theirs = (inspect.signature(side[method]) for side in (sync, twin))
        assert list(ours.parameters.values()) == list(theirs.parameters.values())
        assert plain(ours.return_annotation) == plain(theirs.return_annotation)


def test_both_clients_have_the_same_constructor() -> None:
    """Sync and async clients have the same constructor arguments."""
    ours, theirs = (inspect.signature(cls.__init__) for cls in (SyncClient, AsyncClient))
    assert [(p.name, p.kind, plain(p.annotation), p.default) for p in ours.parameters.values()] == [
        (p.name, p.kind, plain(p.annotation), p.default) for p in theirs.parameters.values()
    ]


def operations() -> dict[tuple[str, str], Operation[Any, Any]]:
    """Return all operations by service and method name."""
    return {
        (service, constant.lower()): value
        for service in SERVICES
        for constant, value in vars(
            importlib.import_module(f"omics_tasks.{service}.operations")
        ).items()
        if isinstance(value, Operation)
    }


@pytest.mark.parametrize(("service", "method"), operations())
def test_a_method_has_its_operations_arguments(service: str, method: str) -> None:
    """A method's parameters are its input's fields; identifying ones are positional."""
    model: type[Input] = operations()[service, method].input
    (clients,) = (pair for pair in CLIENTS.values() if f".{service}." in pair[0].__module__)
    for cls in clients:
        parameters = list(inspect.signature(getattr(cls, method)).parameters.values())[1:]
        assert model.model_fields.keys() == {parameter.name for parameter in parameters}
        required = {name for name, field in model.model_fields.items() if field.is_required()}
        assert required == {p.name for p in parameters if p.default is p.empty}
        positional = {p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD}
        keyword_only = {name for name in required if model.model_fields[name].kw_only}
        assert required - keyword_only == positional


@pytest.mark.parametrize(("service", "method"), operations())
def test_enums_in_arguments_are_closed(service: str, method: str) -> None:
    """No argument is an open enum: a value that AWS doesn't have is refused before it is sent."""
    fields = operations()[service, method].input.model_fields
    assert [] == [name for name, field in fields.items() if "OpenEnum" in bases(field.annotation)]


def bases(annotation: Any) -> set[str]:
    """The names of the classes in a type and of their bases."""
    inside = set[str]().union(*map(bases, get_args(annotation)))
    return inside | {base.__name__ for base in getattr(annotation, "__mro__", ())}


def public_modules() -> list[ModuleType]:
    names = ["omics_tasks"] + [
        info.name
        for info in pkgutil.walk_packages([str(ROOT)], "omics_tasks.")
        if not re.search(r"\._|\.testing\.", info.name)
    ]
    return [importlib.import_module(name) for name in names]


@pytest.mark.parametrize("module", public_modules(), ids=lambda module: module.__name__)
def test_all_is_exact(module: ModuleType) -> None:
    """``__all__`` names only existing, documented, importable names."""
    names: list[str] = module.__all__
    assert sorted(set(names)) == sorted(names)
    star: dict[str, Any] = {}
    exec(f"from {module.__name__} import *", star)
    assert set(names) == star.keys() - {"__builtins__"}
    assert [] == [
        name
        for name in names
        if inspect.isclass(star[name]) and not (star[name].__dict__.get("__doc__") or "").strip()
    ]


def test_all_leaves_nothing_out() -> None:
    """Every public name of a module is in its ``__all__``."""
    missing = [
        f"{module.__name__}.{name}"
        for module in public_modules()
        for name, value in vars(module).items()
        if inspect.isclass(value)
        and name.isidentifier()
        and value.__module__ == module.__name__
        and not name.startswith("_")
        and name not in module.__all__
        and not module.__name__.endswith((".operations", ".config"))
    ]
    assert [] == missing


def test_importing_the_package_imports_little() -> None:
    """``import omics_tasks`` loads no dependency and no service."""
    code = (
        "import sys, omics_tasks; print(sorted({m.split('.')[0] for m in sys.modules}"
        " & {'httpx', 'pydantic', 'botocore', 'tenacity', 'asyncio'}),"
        " [m for m in sys.modules if m.startswith('omics_tasks.')])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "[] ['omics_tasks.errors', 'omics_tasks._version']" == printed.stdout.strip()


@pytest.mark.parametrize("argument", ["", ", credentials=o.Credentials('a', 's')"])
def test_a_call_loads_no_botocore(argument: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With explicit or environment credentials and no files, botocore isn't loaded."""
    code = (
        "import sys, httpx, omics_tasks as o\n"
        "t = httpx.MockTransport(lambda request: httpx.Response(200, json={'id': '1'}))\n"
        "o.HealthOmicsClient(region='us-east-1', transport=t"
        f"{argument}).get_run('1')\n"
        "print([m for m in sys.modules if m.startswith(('botocore.', 'tenacity', 'omics_tasks.ecs',"
        " 'omics_tasks.testing'))])"
    )
    if not argument:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "[]" == printed.stdout.strip()


def test_a_sync_call_loads_no_httpx(local_aws: LocalAWS) -> None:
    """A program that gives no transport needs neither httpx nor an event loop."""
    run = local_aws.healthomics.add_run()
    code = (
        "import sys, omics_tasks as o\n"
        f"keys = o.Credentials({local_aws.access_key!r}, {local_aws.secret_key!r})\n"
        "o.HealthOmicsClient(region='us-east-1', credentials=keys,"
        f" endpoint_url={local_aws.endpoint_url!r}).get_run({run.id!r})\n"
        "print(sorted({'httpx', 'asyncio', 'aiohttp'} & sys.modules.keys()))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "[]" == printed.stdout.strip()


def test_files_are_short() -> None:
    """No file is longer than 360 lines, except the one with all errors and generated ones."""
    written = {name: path for name, path in modules() if not name.endswith(".client")}
    long = {name for name, path in written.items() if len(path.read_text().splitlines()) > 360}
    assert long <= {"errors"}


# A docstring opens with a verb or a noun phrase, and not with one of these words.
OPENING_TO_AVOID = re.compile(r"(What|How|Whether|Where|Those|Who|Whose|Which|When|Why)\b")


def docstrings(path: Path) -> Iterator[str]:
    """Every string that is a statement: of modules, classes, functions, attributes, constants."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield str(node.value.value).strip()


def test_docstrings_open_with_a_verb_or_a_noun() -> None:
    """No docstring opens with What, How, Whether and the like."""
    indirect = [
        f"{name}: {text.splitlines()[0]}"
        for name, path in modules()
        for text in docstrings(path)
        if OPENING_TO_AVOID.match(text)
    ]
    assert [] == indirect
