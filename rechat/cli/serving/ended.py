"""What is reported when a program that `rechat run` started has ended."""

from rich.console import Console as Terminal

from rechat.answering import uses_of
from rechat.cli.serving.child import Child
from rechat.observe import visible
from rechat.store import Store

# At most this many questions are named.
_NAMED = 3


def tell(child: Child, store: Store, talk: Terminal, *, hints: bool) -> None:
    """Report that nothing came from a program, that some requests had no answer, or which answers
    it left unused; the first only as one of the hints.
    """
    if child.silence and hints:
        talk.print(f"rechat: {child.silence}", style="yellow", soft_wrap=True)
    if child.missed:
        _tell_missed(child, talk)
    _tell_unused(child, store, talk)


def _tell_missed(child: Child, talk: Terminal) -> None:
    """Say which requests had no answer: their lines are above, among what the program printed."""
    told = [
        f"{words!r}" + f" ({count} times)" * (count > 1) for words, count in child.missed.items()
    ]
    more = ", …" * (len(told) > _NAMED)
    count = f"{child.missed.total()} of its requests had no answer"
    told_all = visible(f"rechat: {count}: {', '.join(told[:_NAMED])}{more}")
    talk.print(told_all, style="yellow", soft_wrap=True, markup=False, highlight=False)


def _tell_unused(child: Child, store: Store, talk: Terminal) -> None:
    """Report which answers a program has not used. One that failed may have stopped early, and one
    whose requests had no answer may have meant them: nothing is reported then.
    """
    if child.unused == "ignore" or child.code or child.missed:
        return
    unused = [use for use in uses_of(store.index, child.served) if not use.is_used]
    child.has_unused = bool(unused)
    for use in unused:
        of = f" (section {use.title!r})" if use.title else ""
        told = visible(f"rechat: {use.place}: the program did not ask for this answer{of}")
        talk.print(told, style="yellow", soft_wrap=True)
