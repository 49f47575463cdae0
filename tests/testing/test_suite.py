"""Suites as people write them: recorded and replayed by plain pytest, with the real SDK.

Most run within this process, which has imported pytest and the SDK already.
"""

import pytest
from upstream import Break
from upstream import Json
from upstream import Upstream

ASK = """
import functools
import pytest
from openai import OpenAI

@functools.cache
def the_client():
    return OpenAI(max_retries=0)

def ask(text, client=None):
    asked = [{"role": "user", "content": text}]
    client = client or OpenAI(max_retries=0)
    return client.chat.completions.create(model="gpt-5", messages=asked).choices[0].message.content
"""
PLAN = f"""{ASK}
@pytest.mark.rechat(takes=2)
@pytest.mark.parametrize("number", range(8))
def test_two_takes(number):
    first, second = ask("Pick a number"), ask("Pick a number")
    assert first.split(":")[0] != second.split(":")[0]

@pytest.mark.rechat
@pytest.mark.parametrize("word", ["a/b", "a b"])
def test_one_client_for_all(word):
    assert ask(word, the_client()).endswith(word)

def test_fixture(rechat):
    assert ask("Hello", rechat.client()).endswith("Hello")
    (one,) = rechat.exchanges
    assert (one.question, one.model, one.answer[-5:]) == ("Hello", "gpt-5", "Hello")
    assert rechat.misses == []
"""


@pytest.fixture(autouse=True)
def plain(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh project, in which nothing points to a provider."""
    for name in ("CI", "OPENAI_API_KEY", "OPENAI_BASE_URL", "PYTEST_ADDOPTS", "RECHAT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    pytester.makeini("[pytest]\n")


def record(
    pytester: pytest.Pytester, upstream: Upstream, *arguments: str, mode: str = "new"
) -> pytest.RunResult:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HTTP_PROXY")
        patch.setenv("OPENAI_API_KEY", "sk-test")
        patch.setenv("OPENAI_BASE_URL", upstream.url)
        return pytester.runpytest_inprocess(f"--rechat={mode}", *arguments)


def saved(pytester: pytest.Pytester) -> dict[str, bytes]:
    """The transcripts of the project."""
    found = sorted(pytester.path.rglob("transcripts/**/*.md"))
    return {path.relative_to(pytester.path).as_posix(): path.read_bytes() for path in found}


@pytest.mark.timeout(300)  # eight interpreters import the SDK
def test_what_four_workers_recorded_others_replay_in_any_order(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(test_plan=PLAN)
    with Upstream() as upstream:
        record(pytester, upstream, "-n4").assert_outcomes(passed=11)
        assert len(upstream.requests) == 8 * 2 + 2 + 1
    files = saved(pytester)
    assert len(files) == 11
    # Each in an order that pytest-randomly makes.
    for arguments in (("-n4", "--randomly-seed=1"), ("--randomly-seed=2",)):
        pytester.runpytest_inprocess(*arguments).assert_outcomes(passed=11)
    assert saved(pytester) == files


def test_a_failing_test_shows_its_own_misses_and_how_to_record_them(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        test_two=f"{ASK}\n@pytest.mark.rechat\ndef test_a():\n    ask('Lisbon')\n\n"
        "def test_b(rechat):\n    ask('Porto')\n"
    )
    done = pytester.runpytest_inprocess("--tb=no")
    done.assert_outcomes(failed=2)
    done = pytester.runpytest_inprocess("-k", "test_b")
    section = str(done.stdout).partition("- rechat: no transcript answers -")[2]
    assert "Porto" in section
    assert "Lisbon" not in section
    assert "transcripts/test_two/test_b.md, which does not exist yet" in section
    assert 'pytest "test_two.py::test_b" --rechat=new' in section
    assert saved(pytester) == {}


def test_a_changed_question_is_accepted_where_the_test_passes(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_it=f"{ASK}\n@pytest.mark.rechat\ndef test_a():\n    ask('Where is Lisbon, please?')\n\n"
        "@pytest.mark.rechat\ndef test_b():\n    ask('Where is Porto, please?')\n    assert not 1\n"
    )
    old = "### user\n\n> Where is {}?\n\n### assistant\n\n> There.\n"
    folder = pytester.mkdir("transcripts") / "test_it"
    folder.mkdir()
    (folder / "test_a.md").write_text(old.format("Lisbon"))
    (folder / "test_b.md").write_text(old.format("Porto"))
    done = pytester.runpytest_subprocess("-k", "test_a")
    done.stdout.fnmatch_lines(['*pytest "test_it.py::test_a" --rechat=accept'])
    done = pytester.runpytest_subprocess("--rechat=accept")
    done.assert_outcomes(passed=1, failed=1)
    assert b"> Where is Lisbon, please?\n" in saved(pytester)["transcripts/test_it/test_a.md"]
    assert saved(pytester)["transcripts/test_it/test_b.md"] == old.format("Porto").encode()
    pytester.runpytest_subprocess("-k", "test_a").assert_outcomes(passed=1)


def test_a_miss_that_a_program_hides_fails_its_test_unless_that_is_meant(
    pytester: pytest.Pytester,
) -> None:
    hiding = "    try:\n        ask('Porto')\n    except Exception:\n        pass\n"
    pytester.makepyfile(
        test_it=f"{ASK}\n@pytest.mark.rechat\ndef test_hides():\n{hiding}\n"
        f"@pytest.mark.rechat(misses='ignore')\ndef test_means():\n{hiding}"
    )
    done = pytester.runpytest_inprocess()
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(["no transcript answers a request of this test, which hides that"])
    done.stdout.fnmatch_lines(['*pytest "test_it.py::test_hides" --rechat=new'])


def test_what_a_failing_test_recorded_is_taken_back(
    pytester: pytest.Pytester, upstream: Upstream
) -> None:
    test = f"{ASK}\ndef test_it(rechat):\n    ask('One')\n    ask('Two')\n"
    module = pytester.makepyfile(test_it=test)
    record(pytester, upstream).assert_outcomes(passed=1)
    before = saved(pytester)
    assert before[next(iter(before))].count(b"\n### assistant\n") == 2
    module.write_text(f"{test}    ask('Three')\n    assert not 'right'\n")
    record(pytester, upstream).assert_outcomes(failed=1)
    assert [request.json["messages"][0]["content"] for request in upstream.requests][2:] == [
        "Three"
    ]
    assert saved(pytester) == before
    record(pytester, upstream, mode="rewrite").assert_outcomes(failed=1)
    assert saved(pytester) == before


def test_all_records_again_and_rewrite_also_drops_what_is_not_asked_any_more(
    pytester: pytest.Pytester, upstream: Upstream
) -> None:
    test = f"{ASK}\ndef test_it(rechat):\n    ask('One')\n"
    module = pytester.makepyfile(test_it=f"{test}    ask('Two')\n")
    record(pytester, upstream).assert_outcomes(passed=1)
    (name,) = saved(pytester)
    module.write_text(test)
    upstream.reply(lambda received: Json(_answer("Again")))
    record(pytester, upstream, mode="all").assert_outcomes(passed=1)
    text = saved(pytester)[name].decode()
    assert ("Again" in text, "Echo 2: Two" in text) == (True, True)
    record(pytester, upstream, mode="rewrite").assert_outcomes(passed=1)
    text = saved(pytester)[name].decode()
    assert ("Again" in text, "Two" in text) == (True, False)


def _answer(text: str) -> object:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"id": "x", "object": "chat.completion", "model": "gpt-5", "choices": [choice]}


def test_tests_may_share_a_file_that_a_person_wrote(pytester: pytest.Pytester) -> None:
    mine = pytester.path / "mine.md"
    mine.write_text("### user\n\n> Hello\n\n### assistant\n\n> Hi!\n")
    pytester.makepyfile(
        test_it=f"{ASK}\npytestmark = pytest.mark.rechat('mine.md')\n"
        "def test_a():\n    assert ask('Hello') == 'Hi!'\n\n"
        "class TestB:\n    def test_b(self):\n        assert ask('Hello') == 'Hi!'\n"
    )
    pytester.runpytest_inprocess().assert_outcomes(passed=2)
    mine.write_text("### user\n\n> Hello\n\n### asistant\n\n> Hi!\n")
    done = pytester.runpytest_inprocess()
    done.assert_outcomes(errors=2)
    done.stdout.fnmatch_lines(["*mine.md:5: *asistant*"])


def test_the_variables_of_clients_are_set_only_while_a_test_runs(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        "import os\nseen = []\n"
        "def test_a(rechat):\n"
        "    assert os.environ['OPENAI_BASE_URL'] == rechat.base_url == rechat.env['OPENAI_BASE_URL']\n"
        "    assert '127.0.0.1' in os.environ['NO_PROXY']\n"
        "def test_b():\n    assert 'OPENAI_BASE_URL' not in os.environ\n"
    )
    pytester.runpytest_inprocess("-pno:randomly").assert_outcomes(passed=2)


def test_what_has_changed_fails_when_verified_and_what_is_old_is_told(
    pytester: pytest.Pytester, upstream: Upstream
) -> None:
    pytester.makepyfile(test_it=f"{ASK}\n@pytest.mark.rechat\ndef test_it():\n    ask('One')\n")
    record(pytester, upstream).assert_outcomes(passed=1)
    files = saved(pytester)
    done = record(pytester, upstream, "--rechat-max-age=30d", mode="verify")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "rechat: these answers have changed:",
            'transcripts/test_it/test_it.md:*: before "1" ≠ now "2"',
            '*pytest "test_it.py::test_it" --rechat=all',
            "*: recorded * days ago, and max_age is 30 days",
        ]
    )
    assert len(upstream.requests) == 2
    assert saved(pytester) == files


def test_where_an_api_does_not_say_when_that_is_told_and_nothing_of_what_people_write(
    pytester: pytest.Pytester,
) -> None:
    pages = pytester.mkdir("pages")
    page = "### user\n\n> {0}\n\n### assistant\n\n> {0}!\n"
    made = "\n<details><summary>1</summary>\n\n```yaml\nid: msg_1\n```\n\n</details>\n"
    (pages / "one.md").write_text(page.format("One") + made)
    (pages / "two.md").write_text(page.format("Two"))
    pytester.makepyfile(
        test_it=f"{ASK}\n@pytest.mark.rechat('pages')\ndef test_it():\n    ask('One'), ask('Two')\n"
    )
    done = pytester.runpytest_inprocess("--rechat-max-age=30d")
    done.assert_outcomes(passed=1)
    told = "max_age says nothing for pages/one.md:5: neither the file nor the API says"
    assert [line[: len(told)] for line in done.outlines if "max_age" in line] == [told]
    assert "max_age" not in pytester.runpytest_inprocess().stdout.str()


def test_a_server_that_no_test_needs_is_stopped(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("# of rechat there is only a word\ndef test_it():\n    pass\n")
    done = pytester.runpytest_inprocess("-pno:xdist", "-Werror")
    done.assert_outcomes(passed=1)


def test_what_could_not_be_recorded_fails_though_the_program_hides_it(
    pytester: pytest.Pytester, upstream: Upstream
) -> None:
    pytester.makepyfile(
        test_it=f"{ASK}\n@pytest.mark.rechat\ndef test_it():\n"
        "    try:\n        ask('Porto')\n    except Exception:\n        pass\n"
    )
    upstream.reply(Break("no-answer"))
    done = record(pytester, upstream)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        ["rechat: nothing was recorded for requests of this test, which hides that:", "  Porto: ?*"]
    )


def test_editors_that_name_another_folder_find_the_same_transcripts(
    pytester: pytest.Pytester,
) -> None:
    """VS Code runs ids with `--rootdir=WORKSPACE`, whatever folder has the settings of the tests."""
    backend = pytester.mkdir("backend")
    (backend / "pytest.ini").write_text("[pytest]\nrechat_dir = answers\n")
    (backend / "test_it.py").write_text(
        f'{ASK}\n@pytest.mark.rechat\ndef test_own():\n    assert ask("Own") == "Mine."\n\n'
        '@pytest.mark.rechat("shared.md")\ndef test_shared():\n    assert ask("Own") == "Mine."\n'
    )
    page = "### user\n\n> Own\n\n### assistant\n\n> Mine.\n"
    (backend / "answers" / "test_it").mkdir(parents=True)
    for file in ("answers/test_it/test_own.md", "shared.md"):
        (backend / file).write_text(page)
    ids = [f"{backend / 'test_it.py'}::{name}" for name in ("test_own", "test_shared")]
    done = pytester.runpytest_inprocess(f"--rootdir={pytester.path}", "--capture=no", *ids)
    done.assert_outcomes(passed=2)


SUBTESTS = f"""{ASK}
@pytest.mark.rechat
def test_it(subtests):
    for word in ("One", "Two"):
        with subtests.test(word=word):
            assert ask(word).endswith("Three")
"""


def test_a_subtest_that_fails_tells_its_own_misses_once(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_it=SUBTESTS)
    done = pytester.runpytest_inprocess("--tb=short")
    shown = done.stdout.str()
    assert shown.count("- rechat: no transcript answers -") == 2
    assert shown.count("gpt-5  One") == shown.count("gpt-5  Two") == 1
    assert "which hides that" not in shown


def test_a_subtest_that_hides_its_miss_fails_its_test(pytester: pytest.Pytester) -> None:
    hides = "            with pytest.raises(Exception): ask(word)\n"
    pytester.makepyfile(test_it=SUBTESTS[: SUBTESTS.index("            assert")] + hides)
    done = pytester.runpytest_inprocess("--tb=short")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*no transcript answers 2 requests of this test*"])


def test_what_a_test_with_a_failing_subtest_recorded_is_taken_back(
    pytester: pytest.Pytester, upstream: Upstream
) -> None:
    pytester.makepyfile(test_it=SUBTESTS)
    record(pytester, upstream)
    assert len(upstream.requests) == 2
    assert saved(pytester) == {}
    pytester.makepyfile(test_it=SUBTESTS.replace('assert ask(word).endswith("Three")', "ask(word)"))
    record(pytester, upstream).assert_outcomes(passed=1)
    assert list(saved(pytester)) == ["transcripts/test_it/test_it.md"]
    pytester.runpytest_inprocess().assert_outcomes(passed=1)
