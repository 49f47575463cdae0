"""mitmproxy's addons, with the functions of each hook looked up once.

mitmproxy asks each addon for each hook whether it has a function for it, and once more after each
hook of a request for `update`. That takes a third of the time of a request that is forwarded.
"""

from collections.abc import Callable
from inspect import isawaitable
from inspect import iscoroutinefunction
from typing import Any

from mitmproxy import exceptions
from mitmproxy import flow
from mitmproxy import hooks
from mitmproxy.addonmanager import AddonManager
from mitmproxy.addonmanager import safecall
from mitmproxy.addonmanager import traverse

type _Function = Callable[..., Any]


class Addons(AddonManager):
    """The addons of a master, which takes the class of its own."""

    found: dict[str, list[_Function]]
    waiting: dict[str, bool]

    def add(self, *addons: object) -> None:
        """Add to the end of the chain."""
        super().add(*addons)  # type: ignore[no-untyped-call]
        self._forget()

    def remove(self, addon: object) -> None:
        """Take out of the chain."""
        super().remove(addon)  # type: ignore[no-untyped-call]
        self._forget()

    def _forget(self) -> None:
        self.found.clear()
        self.waiting.clear()

    def call_at_once(self, event: hooks.Hook) -> bool:
        """Call the functions for an event if none of them may wait; whether that was so."""
        may_wait = self.waiting.get(event.name)
        if may_wait is None:
            may_wait = bool(self._functions("update")) or any(
                map(iscoroutinefunction, self._functions(event.name))
            )
            self.waiting[event.name] = may_wait
        if may_wait:
            return False
        for function in self._functions(event.name):
            try:
                function(*event.args())
            except exceptions.AddonHalt:
                break
            except Exception:
                with safecall():  # as below
                    raise
        return True

    async def handle_lifecycle(self, event: hooks.Hook) -> None:
        """Call the functions for an event, and those that want to know of each change of a flow."""
        await self.trigger_event(event)
        if self._functions("update"):
            changed = event.args()[0]
            if isinstance(changed, flow.Flow):
                await self.trigger_event(hooks.UpdateHook([changed]))

    async def trigger_event(self, event: hooks.Hook) -> None:
        """Call the functions for an event, in the order of the chain."""
        functions = self._functions(event.name)
        arguments = event.args() if functions else ()
        for function in functions:
            try:
                result = function(*arguments)
                if result is not None and isawaitable(result):
                    await result
            except exceptions.AddonHalt:
                return
            except Exception:
                with safecall():  # it says what is to be said of it
                    raise

    def _functions(self, name: str) -> list[_Function]:
        found = self.found.get(name)
        if found is None:
            each = (getattr(addon, name, None) for addon in traverse(self.chain))
            found = self.found[name] = [function for function in each if callable(function)]
        return found


def speed_up(addons: AddonManager) -> None:
    """Have functions looked up once from now on."""
    addons.__class__ = Addons
    assert isinstance(addons, Addons)
    addons.found = {}
    addons.waiting = {}


def call_at_once(addons: AddonManager) -> Callable[[hooks.Hook], bool]:
    """What calls the functions of a hook that none of them wait for."""
    assert isinstance(addons, Addons)
    return addons.call_at_once
