"""A session as one file."""

import base64
import hashlib
import json
import re

from rechat.web import export
from rechat.web.replies import STATIC


def test_the_file_needs_nothing_else_and_runs_nothing_else() -> None:
    rows = [{"number": 1, "words": "</script><script>alert(1)</script>", "blocks": "<!--"}]
    page = export.page([dict(row) for row in rows]).decode()
    assert "{{token}}" not in page
    assert not re.search(r'(?:src|href)="(?!data:)', page.partition("<script>")[0])
    data = re.search(r'id="session">(.*?)</script>', page)
    assert data
    assert json.loads(data[1]) == rows
    [script] = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{allowed}';" in page
    [style] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{allowed}';" in page


def test_the_script_has_every_module_once_and_what_is_imported_first() -> None:
    script = export.bundle("main")
    modules = re.findall(r"^const in_(\w+) =", script, re.MULTILINE)
    files = {
        path.name.removesuffix(".js") for path in STATIC.iterdir() if path.name.endswith(".js")
    }
    assert sorted(modules) == sorted(files)
    assert not re.search(r"^(?:import|export) ", script, re.MULTILINE)
    for name in modules:
        used = script.index(f"= in_{name};") if f"= in_{name};" in script else len(script)
        assert script.index(f"const in_{name} =") < used
