"""The responses of our own pages."""

import json

from rechat.values.http import header
from rechat.web import replies


def test_the_page_runs_only_its_own_scripts_and_loads_nothing_from_others() -> None:
    policy = header(replies.page("secret").headers, "content-security-policy")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_only_the_files_of_the_page_are_served() -> None:
    assert replies.static("main.js").status == 200
    for name in ("page.html", "..", "../api.py", "x.js", ""):
        assert replies.static(name).status == 404


def test_a_lone_surrogate_can_be_told() -> None:
    assert json.loads(replies.told({"a": "\ud800"}).body) == {"a": "\ud800"}
