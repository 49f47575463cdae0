import gc
import sys

from rechat.resend.sending.undisturbed import undisturbed


def test_other_threads_give_way_and_what_is_there_is_no_garbage_until_the_end() -> None:
    before = sys.getswitchinterval()
    with undisturbed():
        assert sys.getswitchinterval() < before
        assert gc.get_freeze_count() > 0
    assert sys.getswitchinterval() == before
    assert gc.get_freeze_count() == 0
