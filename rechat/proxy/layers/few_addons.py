"""Packages of which mitmproxy needs little here, each module imported when it is first used.

`mitmproxy.addons` imports all addons, and Flask, Werkzeug and LDAP with them; `service_identity`
checks the certificates of QUIC. Together that takes a third of the time a server takes to start. So
importing this module, before anything of mitmproxy, puts an empty package in the place of each. It
finds its modules as always, and becomes what it stands for when somebody asks for more.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from importlib.util import module_from_spec

_PACKAGES = ("mitmproxy.addons", "service_identity")


def _empty(name: str) -> None:
    spec = find_spec(name)
    if not spec or not spec.loader:
        return
    package, loader = module_from_spec(spec), spec.loader

    def find(attribute: str) -> object:
        if attribute.startswith("__"):  # asked of any module
            raise AttributeError(f"module {name!r} has no attribute {attribute!r}")
        inner = f"{name}.{attribute}"
        if find_spec(inner):
            return import_module(inner)
        if vars(package).pop("__getattr__", None):
            loader.exec_module(package)
        return getattr(package, attribute)

    vars(package)["__getattr__"] = find
    sys.modules[name] = package
    parent, _, own = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], own, package)


for _name in _PACKAGES:
    if _name not in sys.modules:
        _empty(_name)
