"""Code with its colours (`code.js`)."""

from modules_rig import Modules


def test_each_language_has_its_comments_and_words(modules: Modules) -> None:
    found = modules.run(
        """
        const { highlighted } = await load("code");
        return given.map(([text, language]) => {
          const made = document.createElement("code");
          made.append(...highlighted(text, language));
          return [made.textContent === text, [...made.children].map((one) => `${one.className} ${one.textContent}`)];
        });
        """,
        [
            ['x = "a" # no\nreturn 1', "python"],
            ["let a = 1; // no # yes", "js"],
            ['{"a": "# b", "c": 2.5}', "json"],
            ["SELECT 1 -- no", "sql"],
            ["return 1", "text"],
        ],
    )
    assert found == [
        [True, ['c-s "a"', "c-c # no", "c-w return", "c-n 1"]],
        [True, ["c-w let", "c-n 1", "c-c // no # yes"]],
        [True, ['c-k "a"', 'c-s "# b"', 'c-k "c"', "c-n 2.5"]],
        [True, ["c-w SELECT", "c-n 1", "c-c -- no"]],
        [True, []],
    ]


def test_blocks_of_a_rendered_text_can_be_copied_and_tables_scrolled(modules: Modules) -> None:
    found = modules.run(
        """
        const { dress } = await load("code");
        const made = document.createElement("div");
        made.innerHTML = '<pre><code class="language-py">x = 1\\n</code></pre><table><tbody><tr><td>a</td></tr></tbody></table>';
        dress(made);
        document.body.append(made);
        made.querySelector(".copy").click();
        const copied = await navigator.clipboard.readText();
        const table = made.querySelector(".table");
        return [copied, made.querySelector("pre").getAttribute("aria-label"), table.tabIndex, table.textContent];
        """
    )
    assert found == ["x = 1", "py code", 0, "a"]
