import gc
import sys

from rechat.resend.sending.undisturbed import undisturbed


def test_other_threads_give_way_and_no_garbage_is_searched_for_until_the_end() -> None:
    before = sys.getswitchinterval()
    with undisturbed():
        assert sys.getswitchinterval() < before
        assert not gc.isenabled()
    assert sys.getswitchinterval() == before
    assert gc.isenabled()
