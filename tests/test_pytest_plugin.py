"""What every run of pytest has of the plugin."""

import pytest


def test_a_run_that_asks_nothing_imports_nothing_more_and_knows_options_marker_and_fixture(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        "import sys\ndef test_it():\n    assert 'rechat.values' not in sys.modules\n"
    )
    pytester.runpytest_subprocess("--strict-config").assert_outcomes(passed=1)
    shown = pytester.runpytest_inprocess("-pno:xdist", "--help", "--markers", "--fixtures")
    shown.stdout.fnmatch_lines(["*--rechat=MODE*", "*--rechat-dir=DIR*", "*rechat_unused*"])
    shown = pytester.runpytest_inprocess("-pno:xdist", "--markers")
    shown.stdout.fnmatch_lines(["@pytest.mark.rechat(path,*"])
    shown = pytester.runpytest_inprocess("-pno:xdist", "--fixtures")
    shown.stdout.fnmatch_lines(["rechat -- *pytest_plugin.py*"])
