"""Writes the modules that are made from the definitions: ``python -m tests.generator``."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from functools import partial
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from types import ModuleType, NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import griffe
from pydantic import AwareDatetime, JsonValue

import omics_tasks
from omics_tasks._core.methods import ListingMethod, WatchMethod, WorkflowMethod
from omics_tasks._core.model import GivenAs, Page, Structure
from omics_tasks.errors import ParamValidationError

ROOT = Path(omics_tasks.__file__).parent
SERVICES = ("healthomics", "ecs", "deadline")
BUILDERS = {
    "RunFields": ("omics_tasks.healthomics", "Run"),
    "RunTaskFields": ("omics_tasks.healthomics", "RunTask"),
    "TaskFields": ("omics_tasks.deadline", "Task"),
    "ECSTaskFields": ("omics_tasks.testing.ecs", "ECSTask"),
}
MADE_FROM_IDS = {"task_arn", "cluster_arn", "container_instance_arn"}
MODULE = '''"""{}

Generated from the definitions in {} by ``python -m tests.generator``.
"""
from __future__ import annotations
{}
{}'''
DOC = """{}

Every method raises a ``ServiceError`` where the service refuses, a ``TransportError`` where no
response comes, and a ``ResponseError`` for a response that can't be read."""
DOCS: Any = griffe.load("omics_tasks", try_relative_path=False)

wrap = partial(textwrap.fill, width=92, break_on_hyphens=False)
entry = partial(wrap, initial_indent="    ", subsequent_indent=" " * 8)


class Source:
    """Writes types by the public names of modules, and collects the imports for them."""

    def __init__(self, package: str, modules: Iterable[str]) -> None:
        self._package = package
        self._homes = {n: module for module in modules for n in import_module(module).__all__}
        public = {n: vars(import_module(module))[n] for n, module in self._homes.items()}
        public["JsonValue"], self._homes["JsonValue"] = JsonValue, "pydantic"
        self._aliases = [(n, value) for n, value in public.items() if not isinstance(value, type)]
        self._imports: dict[str, set[str]] = defaultdict(set)

    def imports(self) -> str:
        return "\n".join(f"from {m} import {', '.join(n)}" for m, n in self._imports.items())

    def name(self, name: str, module: str) -> str:
        """Return the name, and import it from the module."""
        near = module.replace(f"{self._package}.", ".").replace("omics_tasks.", "..")
        self._imports[near].add(name)
        return name

    def of(self, annotation: Any, metadata: Iterable[Any] = ()) -> str:
        """Return the type that a caller gives for a member of this type, or gets."""
        origin, arguments = get_origin(annotation), get_args(annotation)
        for given in (each.type for each in metadata if isinstance(each, GivenAs)):
            return self.of(given)
        if isinstance(annotation, str):
            return self.name(annotation, "omics_tasks._core.arguments")
        if aliases := [name for name, value in self._aliases if value == annotation]:
            (alias,) = aliases  # never two with the same values
            return self._with_enum(alias.removesuffix("Name"), alias)
        if origin is Annotated:
            return self.of(arguments[0], arguments[1:])
        if origin in (Union, UnionType):
            parts = dict.fromkeys(map(self.of, arguments))
            return " | ".join(sorted(parts, key="None".__eq__))
        if origin is not None:
            inside = ", ".join(self.of(each) for each in arguments if each is not ...)
            return f"{self._class(Iterable if ... in arguments else origin)}[{inside}]"
        return self._class(datetime if annotation is AwareDatetime else annotation)

    def _class(self, cls: type) -> str:
        if cls.__module__ == "builtins":
            return cls.__name__.replace("NoneType", "None")
        if issubclass(cls, Enum):
            return self._with_enum(cls.__name__, f"{cls.__name__}Name")
        if issubclass(cls, Structure):
            mapping = self.name("Mapping", "collections.abc")
            return f"{self.name(cls.__name__, cls.__module__)} | {mapping}[str, object]"
        return self.name(cls.__name__, cls.__module__)

    def _with_enum(self, name: str, literals: str) -> str:
        """Return an enum, if the name is one's, and its values as literals."""
        both = [self.name(n, self._homes[n]) for n in (name, literals) if n in self._homes]
        if literals not in self._homes:
            values = [each.value for each in vars(import_module(self._homes[name]))[name]]
            both.append(f"{self.name('Literal', 'typing')}{values}")
        return " | ".join(dict.fromkeys(both))


def client_module(service: str) -> str:
    """Return the module with the sync and the async client of a service."""
    package, stems = f"omics_tasks.{service}", sorted(p.stem for p in (ROOT / service).glob("*.py"))
    modules = [f"{package}.{stem}" for stem in stems if stem not in ("__init__", "client")]
    found = ((module, *item) for module in modules for item in vars(import_module(module)).items())
    constants = {id(value): (name, module) for module, name, value in found if name.isupper()}
    source = Source(package, ["omics_tasks.states", *(m for m in modules if "._" not in m)])
    definition = import_module(f"{package}._methods").CLIENT

    def client(kind: str, doc: str) -> str:
        way = kind or "Sync"
        base = source.name(f"{way}Client", f"omics_tasks._{way.lower()}_client")
        service = source.name(*constants[id(definition.service)])
        parts = [f'"""{doc}\n"""', f"_service = {service}\n"]
        parts += [method(kind, *each) for each in definition.methods.items()]
        return f"class {kind}{definition.name}Client({base}):\n{indented(*parts)}"

    def method(kind: str, name: str, definition: Any) -> str:
        driver, result, text = result_of(definition, kind, source)
        await_ = "await " if kind and driver in ("_call", "_perform") else ""
        fields = ordered(definition.input)
        positional = [n for n, f in fields.items() if f.is_required() and not f.kw_only]
        parameters = {n: parameter(n, f, source) for n, f in fields.items()}
        keyword = [parameters[n] for n in fields if n not in positional]
        signature = ["self", *(parameters[n] for n in positional), *(keyword and ["*", *keyword])]
        arguments = [source.name(*constants[id(definition)]), *(f"{n}={n}" for n in fields)]
        call = f"{await_}self.{driver}({', '.join(arguments)})\n"
        doc = f'"""{doc_of(definition, text)}\n"""'
        head = f"{'async ' * bool(await_)}def {name}({', '.join(signature)}) -> {result}:\n"
        return head + indented(doc, call if result == "None" else f"return {call}")

    name = definition.name
    sync = client("", DOC.format(cleandoc(definition.doc)))
    twin = client("Async", f"``{name}Client``, awaited: the same methods, arguments and errors.")
    classes = f'__all__ = ["Async{name}Client", "{name}Client"]\n\n{sync}\n\n{twin}'
    return MODULE.format(f"The {name} clients.", "``_methods.py``", source.imports(), classes)


def result_of(definition: Any, kind: str, source: Source) -> tuple[str, str, str]:
    """Return the driver of a method, the type of its result, and its description."""
    if isinstance(definition, WatchMethod):
        (item,) = get_args(get_type_hints(definition.start)["return"])
        change = f"{source.name('Change', 'omics_tasks.states')}[{source.of(item)}]"
        generator = source.name(f"{kind}Generator", "collections.abc")
        return "_watch", f"{generator}[{change}]", "Each change, as it is seen."
    if isinstance(definition, WorkflowMethod):
        (*_, output) = get_args(get_type_hints(definition.run)["return"])
        items = [source.of(each) for each in get_args(output)]
        text = f"A list of ``{items[0]}``." if items else summary(output)
        return "_perform", source.of(output), text
    output = getattr(definition, "operation", definition).output
    if not issubclass(output, Page):
        return "_call", source.of(output), "" if output is NoneType else summary(output)
    item = source.of(*get_args(output.model_fields["items"].annotation))
    paginator = source.name(f"{kind}Paginator", "omics_tasks.pagination")
    driver = "_iterate" if isinstance(definition, ListingMethod) else "_list"
    text = f"A lazy listing of ``{item}``: nothing is sent before it is iterated."
    return driver, f"{paginator}[{item}]", text


def parameter(name: str, field: Any, source: Source) -> str:
    """Return an argument with its type and its default value, if it has one."""
    annotation, default = source.of(field.annotation, field.metadata), field.get_default()
    if field.is_required():
        return f"{name}: {annotation}"
    if not isinstance(default, int | float | Enum):  # it is of use on the wire alone
        return f"{name}: {annotation.removesuffix(' | None')} | None = None"
    shown = f"{type(default).__name__}.{default.name}" if isinstance(default, Enum) else default
    return f"{name}: {annotation} = {shown}"


def ordered(model: Any) -> dict[str, Any]:
    """Return a model's fields: required ones first, those of all listings or waits last."""

    def place(item: tuple[str, Any]) -> tuple[bool, int]:
        homes = [cls for cls in model.__mro__ if item[0] in vars(cls).get("__annotations__", {})]
        is_common = homes[-1].__module__.startswith("omics_tasks._core.")
        return not item[1].is_required(), model.__mro__.index(homes[-1]) if is_common else -1

    return dict(sorted(model.model_fields.items(), key=place))


def doc_of(definition: Any, result: str) -> str:
    """Return the docstring of a method: that of its input, and the sections after it."""
    model, own = definition.input, getattr(definition, "operation", definition).errors
    errors = dict.fromkeys([ParamValidationError, *own, *definition.errors])
    members = DOCS[f"{model.__module__}.{model.__name__}".partition(".")[2]].all_members
    args = [entry(text=f"{name}: {members[name].docstring.value}") for name in ordered(model)]
    raises = [entry(text=f"{each.__name__}: {summary(each)}") for each in errors]
    paragraphs = cleandoc(model.__doc__).split("\n\n")
    sections = [each if each.startswith(" ") else wrap(each) for each in paragraphs]
    result = f"{'Yields' if isinstance(definition, WatchMethod) else 'Returns'}:\n    {result}"
    sections += ["\n".join(("Args:", *args)), result, "\n".join(("Raises:", *raises))]
    return "\n\n".join(each for each in sections if each.strip() not in ("Args:", "Returns:"))


def summary(cls: Any) -> str:
    return " ".join(cleandoc(cls.__doc__).partition("\n\n")[0].split())


def indented(*parts: str) -> str:
    return textwrap.indent("\n".join(parts), "    ")


def builder_fields() -> str:
    """Return the module with the typed arguments of the stand-in's builders."""
    homes = [f"omics_tasks.{each}" for each in (*SERVICES, "testing.ecs_lifecycle")]
    source = Source("omics_tasks.testing", homes)
    classes: list[str] = []
    for name, (module, model) in BUILDERS.items():
        fields = vars(import_module(module))[model].model_fields
        given = [(n, field) for n, field in fields.items() if n not in MADE_FROM_IDS]
        members = (f"{n}: {source.of(field.annotation, field.metadata)}" for n, field in given)
        base = source.name("TypedDict", "typing")
        body = indented(f'"""Fields of ``{model}``."""\n', *members)
        classes.append(f"class {name}({base}, total=False):\n{body}")
    text = "\n\n".join(classes)
    return MODULE.format("Arguments of the builders.", "the models", source.imports(), text)


def generated() -> dict[Path, str]:
    """Return the source of each generated module, as ruff lays it out."""
    modules = {ROOT / name / "client.py": client_module(name) for name in SERVICES}
    modules[ROOT / "testing" / "builder_fields.py"] = builder_fields()
    for command in (["check", "--select=I", "--fix", "--quiet"], ["format"]):
        for path, text in modules.items():
            ruff = [sys.executable, "-m", "ruff", *command, f"--stdin-filename={path}", "-"]
            done = subprocess.run(ruff, input=text, stdout=subprocess.PIPE, text=True, check=True)
            modules[path] = done.stdout
    return modules


if __name__ == "__main__":
    for name in SERVICES:  # their packages load these, which may be out of date
        sys.modules[f"omics_tasks.{name}.client"] = client = ModuleType("client")
        vars(client)["__all__"] = []
    for path, text in generated().items():
        path.write_text(text)
