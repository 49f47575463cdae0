"""What options, the ini file and markers say, and what they do not take."""

import pytest


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("@pytest.mark.rechat(take=2)", "does not take take: did you mean takes?"),
        ("@pytest.mark.rechat(takes='2')", "takes='2': expected int"),
        ("@pytest.mark.rechat(max_age='soon')", "max_age = 'soon': expected an age such as 90d"),
        ("@pytest.mark.rechat(too_old='no')", "too_old = 'no': expected warn or fail"),
        ("@pytest.mark.rechat(drift='call, wrds')", "drift = 'wrds': expected words, "),
        ("@pytest.mark.rechat('../elsewhere')", "../elsewhere is not below"),
    ],
)
def test_a_marker_that_is_not_understood_is_told(
    pytester: pytest.Pytester, line: str, problem: str
) -> None:
    pytester.makepyfile(f"import pytest\n{line}\ndef test_it():\n    pass\n")
    done = pytester.runpytest_inprocess("-pno:xdist")
    assert done.ret != 0
    assert problem in str(done.stdout) + str(done.stderr)


def test_a_mode_that_is_none_is_told(pytester: pytest.Pytester) -> None:
    done = pytester.runpytest_inprocess("--rechat=once", "-pno:xdist")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    assert "'once': expected none, new, all, rewrite, verify or accept" in str(done.stderr)


def test_options_win_over_the_ini_file(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nrechat = all\nrechat_dir = saved/\nrechat_unused = fail\n")
    pytester.makeconftest(
        "from rechat.testing.settings import run_settings\n"
        "def pytest_report_header(config):\n    return repr(run_settings(config))\n"
    )
    done = pytester.runpytest_inprocess("--rechat=new", "-pno:xdist")
    done.stdout.fnmatch_lines(["RunSettings(mode='new', folder='saved', *unused='fail', *)"])
