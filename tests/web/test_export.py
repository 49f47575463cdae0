"""A session as one file."""

import base64
import hashlib
import json
import re

from rechat.web import export


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
