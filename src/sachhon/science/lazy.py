"""Modules of a package that are loaded when they are first asked for, so that the package itself loads at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType


def lazily(package: str, modules: str) -> tuple[Callable[[str], ModuleType], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` (PEP 562) of a package; modules : their names, separated by spaces."""
    names = modules.split()

    def load(name: str) -> ModuleType:
        if name in names:
            return import_module(f"{package}.{name}")
        raise AttributeError(f"{package} has no {name!r}; it has {', '.join(names)}.")

    def listed() -> list[str]:
        return sorted({*vars(sys.modules[package]), *names})

    return load, listed
