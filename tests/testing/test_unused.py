"""What is said to be unused is; where that is not known, nothing is said."""

import json

from rechat.testing.unused import Collected
from rechat.testing.unused import Run

OWN = "t/transcripts/test_a/test_one.md"
SHARED = "t/shared.md"


def answers(path: str, *used: bool) -> list[dict[str, object]]:
    return [
        {"place": f"{path}:{number}", "title": f"S{number}", "used": is_used}
        for number, is_used in enumerate(used, 1)
    ]


def run(*passed: str, is_all: bool = True) -> Run:
    users = {OWN: ["one"], SHARED: ["two", "three"]}
    own = {OWN: "one", "t/transcripts/test_a/test_two.md": "two"}
    return Run(Collected(users, own, ["t/transcripts/test_a"], is_all), list(passed))


def test_an_answer_that_no_test_asked_for_is_unused() -> None:
    done = run("one")
    done.add(OWN, answers(OWN, True, False))
    assert done.unused_answers() == [f"{OWN}:2: no test asks for this answer (section 'S2')"]


def test_the_own_file_of_a_test_that_ran_is_judged_though_others_were_deselected() -> None:
    done = run("one", is_all=False)
    done.add(OWN, answers(OWN, False))
    assert len(done.unused_answers()) == 1


def test_a_shared_file_is_judged_by_all_its_tests_together() -> None:
    done = run("two", "three")
    done.add(SHARED, answers(SHARED, True, False, False))
    done.add(SHARED, answers(SHARED, False, True, False))
    assert [line.partition(": ")[0] for line in done.unused_answers()] == [f"{SHARED}:3"]


def test_a_shared_file_is_not_judged_if_one_of_its_tests_did_not_pass_or_run() -> None:
    done = run("two")
    done.add(SHARED, answers(SHARED, False))
    assert done.unused_answers() == []


def test_a_shared_file_is_not_judged_if_other_tests_may_use_it() -> None:
    done = run("two", "three", is_all=False)
    done.add(SHARED, answers(SHARED, False))
    assert done.unused_answers() == []


def test_what_one_process_used_counts_for_all() -> None:
    first, second = run("two"), run("three")
    first.add(SHARED, answers(SHARED, True, False))
    second.add(SHARED, answers(SHARED, False, True))
    packed = second.packed()
    first.join(Run.unpacked(json.loads(json.dumps(packed))))
    assert first.unused_answers() == []
    assert first.passed == ["two", "three"]


def test_what_a_process_did_reaches_another_as_it_is() -> None:
    done = run("one", "two", is_all=False)
    done.add(OWN, answers(OWN, True, False))
    done.old, done.unverified, done.undated, done.shared = ["a"], ["b"], ["c"], ["d"]
    assert Run.unpacked(json.loads(json.dumps(done.packed()))) == done


def test_a_file_of_no_test_is_unused() -> None:
    stray = "t/transcripts/test_a/test_gone.md"
    assert run().unused_files([OWN, stray, SHARED]) == [f"{stray}: no test uses this file"]


def test_a_file_in_a_folder_that_a_test_uses_is_none_of_its_own() -> None:
    done = run()
    done.collected.users["t/all"] = ["four"]
    assert done.unused_files(["t/all/x.md"]) == []


def test_a_file_that_may_belong_to_a_test_that_was_not_collected_is_not_judged() -> None:
    done = run(is_all=False)
    files = ["t/transcripts/test_a/test_gone.md", "t/transcripts/test_b/test_gone.md"]
    assert done.unused_files(files) == [f"{files[0]}: no test uses this file"]


def test_the_file_of_a_test_that_passed_without_it_is_unused() -> None:
    path = "t/transcripts/test_a/test_two.md"
    assert run("one").unused_files([path]) == []
    assert run("two").unused_files([path]) == [f"{path}: no test uses this file"]
