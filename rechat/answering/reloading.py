"""A request whose answer stands in a file that was just edited waits until it is read again."""

from functools import partial

from rechat.answering.policy import Session
from rechat.index import Hit
from rechat.store import NotInMemory
from rechat.store import Store
from rechat.values import ALWAYS_ASKING
from rechat.values import OFFLINE
from rechat.values import Request

# So many seconds a request waits, then it gets what is known.
_PATIENCE = 1.0


def is_behind(store: Store, session: Session, request: Request) -> bool:
    """Whether a file that may answer a request has been edited and is not read again yet. It is for
    the event loop, and never waits.
    """
    news = store.news
    if not news or session.policy in ALWAYS_ASKING:
        return False
    if session.policy in OFFLINE:
        return True
    try:
        found = session.index.find(request, explain=False)
    except NotInMemory as file:
        return news.concerns(file.path)
    return isinstance(found, Hit) and news.concerns(found.exchange.path)


async def reloaded(store: Store, session: Session, request: Request) -> None:
    """Return once the files that may answer a request are read again, or after a second."""
    await store.news.wait_while(partial(is_behind, store, session, request), _PATIENCE)
