"""What only some APIs can say stands in the way of none: one folder, written by hand, and the SDKs
of all of them.
"""

import base64
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import anthropic
import ollama
import openai
import pytest
from process import Rechat

genai: Any = None
with suppress(ImportError):  # it cannot be installed beside mitmproxy on Python 3.12
    genai = import_module("google.genai")

PDF = b"%PDF-1.4 a paper"
PDF_BASE64 = base64.b64encode(PDF).decode()
PDF_URL = f"data:application/pdf;base64,{PDF_BASE64}"
FILES = {
    "file": "### user\n\n> Sum up.\n\n#### file, filename a.pdf\n\n[a](a.pdf)\n\n"
    "### assistant\n\n> A paper.\n",
    "refusal": "### user\n\n> Do harm.\n\n### assistant\n\n#### refusal\n\n> I will not.\n\n"
    "### user\n\n> Why?\n\n### assistant\n\n> Harm is harmful.\n",
    "choices": "### user\n\n> Two.\n\n### assistant, choice 1\n\n> One.\n\n"
    "### assistant, choice 2\n\n> Other.\n",
    "limit": "---\nmax_tokens: 50\n---\n\n### user\n\n> Be brief.\n\n### assistant\n\n> Yes.\n",
    "prompt": "### system\n\n> Rhyme.\n\n### user\n\n> A cat\n\n### assistant\n\n> in a hat\n",
    "vectors": "### input, any\n\n### embedding, from hash\n",
    "written": "### input\n\n> cat\n\n### input\n\n> dog\n\n### embedding, choice 1\n\n"
    "```json\n[0.5, 1]\n```\n\n### embedding, choice 2\n\n```json\n[1, 0.25]\n```\n",
}


class Clients:
    """The SDKs, each with its words for the same."""

    def __init__(self, rechat: Rechat) -> None:
        self.openai = rechat.client()
        self.anthropic = anthropic.Anthropic(base_url=rechat.root, api_key="none", max_retries=0)
        self.ollama = ollama.Client(host=rechat.root)
        self.gemini: Any = None
        if genai:
            options = genai.types.HttpOptions(base_url=rechat.root)
            self.gemini = genai.Client(api_key="none", http_options=options)

    def close(self) -> None:
        """Close their connections."""
        self.openai.close()
        self.anthropic.close()
        self.ollama._client.close()  # it has no other way
        if self.gemini:
            self.gemini.close()

    def chat(self, content: Any, **more: Any) -> Any:
        """What Chat Completions gives for one message, or for a list of them."""
        messages: Any = content if isinstance(content, list) else [_user(content)]
        return self.openai.chat.completions.create(model="m", messages=messages, **more)

    def messages(self, content: Any, **more: Any) -> Any:
        """What Anthropic gives for one message, or for a list of them."""
        messages = content if isinstance(content, list) else [_user(content)]
        asked = {"max_tokens": 50, "messages": messages, **more}
        return self.anthropic.messages.create(model="m", **asked)

    def contents(self, contents: Any, **config: Any) -> Any:
        """What Gemini gives."""
        given = genai.types.GenerateContentConfig(**config)
        return self.gemini.models.generate_content(model="m", contents=contents, config=given)


def _user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clients]:
    folder: Path = tmp_path_factory.mktemp("every-api")
    transcripts = folder / "transcripts"
    transcripts.mkdir()
    (transcripts / "a.pdf").write_bytes(PDF)
    for name, text in FILES.items():
        (transcripts / f"{name}.md").write_text(text)
    with Rechat("replay", folder=folder) as running:
        made = Clients(running)
        yield made
        made.close()


needs_genai = pytest.mark.skipif(genai is None, reason="google-genai is not installed")


@pytest.mark.parametrize("name", ["a.pdf", "another.pdf"])
def test_the_name_of_a_file_does_not_count(clients: Clients, name: str) -> None:
    asked = [
        {"type": "text", "text": "Sum up."},
        {"type": "file", "file": {"filename": name, "file_data": PDF_URL}},
    ]
    assert clients.chat([_user(asked)]).choices[0].message.content == "A paper."
    given: Any = [
        {"type": "input_text", "text": "Sum up."},
        {"type": "input_file", "filename": name, "file_data": PDF_URL},
    ]
    answer = clients.openai.responses.create(model="m", input=[{"role": "user", "content": given}])
    assert answer.output_text == "A paper."


@pytest.mark.parametrize("more", [{}, {"title": "A", "citations": {"enabled": True}}])
def test_an_api_that_names_no_files_gets_the_answer_too(
    clients: Clients, more: dict[str, Any]
) -> None:
    source = {"type": "base64", "media_type": "application/pdf", "data": PDF_BASE64}
    asked = [{"type": "text", "text": "Sum up."}, {"type": "document", "source": source, **more}]
    assert clients.messages([_user(asked)]).content[0].text == "A paper."


@needs_genai
def test_gemini_gets_the_answer_about_a_file(clients: Clients) -> None:
    part = genai.types.Part.from_bytes(data=PDF, mime_type="application/pdf")
    assert clients.contents(["Sum up.", part]).text == "A paper."


def test_a_refusal_is_one_where_the_api_has_a_word_for_it(clients: Clients) -> None:
    assert clients.chat("Do harm.").choices[0].message.refusal == "I will not."
    answer = clients.messages("Do harm.")
    assert (answer.stop_reason, answer.content[0].text) == ("refusal", "I will not.")
    with clients.anthropic.messages.stream(
        model="m", max_tokens=50, messages=[{"role": "user", "content": "Do harm."}]
    ) as events:
        assert events.get_final_message().stop_reason == "refusal"


def test_a_conversation_goes_on_after_a_refusal_in_every_api(clients: Clients) -> None:
    said = {"role": "assistant", "content": None, "refusal": "I will not."}
    asked = [_user("Do harm."), said, _user("Why?")]
    assert clients.chat(asked).choices[0].message.content == "Harm is harmful."
    asked[1] = {"role": "assistant", "content": "I will not."}
    assert clients.messages(asked).content[0].text == "Harm is harmful."
    assert clients.ollama.chat(model="m", messages=asked).message.content == "Harm is harmful."


def test_choices_are_for_those_who_ask_for_as_many(clients: Clients) -> None:
    answer = clients.chat("Two.", n=2)
    assert [choice.message.content for choice in answer.choices] == ["One.", "Other."]
    for more in ({}, {"n": 1}, {"n": 3}):
        with pytest.raises(
            openai.BadRequestError, match=f"n: transcript 2 ≠ request {more.get('n', 1)}"
        ):
            clients.chat("Two.", **more)
    with pytest.raises(anthropic.BadRequestError, match="n: transcript 2 ≠ request 1"):
        clients.messages("Two.")


@needs_genai
def test_gemini_gets_choices_as_candidates(clients: Clients) -> None:
    found = clients.contents("Two.", candidate_count=2).candidates
    assert [one.content.parts[0].text for one in found] == ["One.", "Other."]


def test_the_older_completions_are_asked_without_the_system_message(clients: Clients) -> None:
    answer = clients.openai.completions.create(model="m", prompt="A cat")
    assert answer.choices[0].text == "in a hat"
    with pytest.raises(openai.BadRequestError, match=r"'Rhyme\.' is missing"):
        clients.chat("A cat")


def test_the_limit_of_tokens_has_one_meaning_and_several_names(clients: Clients) -> None:
    assert clients.chat("Be brief.", max_tokens=50).choices[0].message.content == "Yes."
    assert clients.chat("Be brief.", max_completion_tokens=50).choices[0].message.content == "Yes."
    answer = clients.openai.responses.create(model="m", input="Be brief.", max_output_tokens=50)
    assert answer.output_text == "Yes."
    with pytest.raises(openai.BadRequestError, match="max_tokens: transcript 50 ≠ request 60"):
        clients.chat("Be brief.", max_completion_tokens=60)


def _of_openai(clients: Clients, texts: list[str], size: int | None) -> list[list[float]]:
    more: Any = {"dimensions": size} if size else {}
    found = clients.openai.embeddings.create(model="e", input=texts, **more)
    return [item.embedding for item in found.data]


def _of_ollama(clients: Clients, texts: list[str], size: int | None) -> list[list[float]]:
    found = clients.ollama.embed(model="e", input=texts, dimensions=size)
    return [list(vector) for vector in found.embeddings]


def _of_gemini(clients: Clients, texts: list[str], size: int | None) -> list[list[float]]:
    config = genai.types.EmbedContentConfig(output_dimensionality=size)
    found = clients.gemini.models.embed_content(model="e", contents=texts, config=config)
    return [one.values for one in found.embeddings]


EMBEDDERS: list[Any] = [
    pytest.param(_of_openai, id="openai"),
    pytest.param(_of_ollama, id="ollama"),
    pytest.param(_of_gemini, id="gemini", marks=needs_genai),
]
type Embed = Callable[[Clients, list[str], int | None], list[list[float]]]


@pytest.mark.parametrize("embed", EMBEDDERS)
@pytest.mark.parametrize("texts", [["a"], ["a", "b", "a"]])
def test_any_number_of_inputs_gets_vectors_of_the_size_that_is_asked_for(
    clients: Clients, embed: Embed, texts: list[str]
) -> None:
    found = embed(clients, texts, 3)
    assert [len(vector) for vector in found] == [3] * len(texts)
    assert found[0] == found[-1]
    expected = _of_openai(clients, ["a"], 3)[0]
    assert found[0] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("embed", EMBEDDERS)
def test_written_vectors_are_the_same_in_every_api(clients: Clients, embed: Embed) -> None:
    assert embed(clients, ["cat", "dog"], None) == [[0.5, 1], [1, 0.25]]


def test_the_older_endpoint_of_ollama_takes_one_prompt(clients: Clients) -> None:
    found = clients.ollama.embeddings(model="e", prompt="a").embedding
    assert list(found) == _of_ollama(clients, ["a"], None)[0]


def test_a_client_that_lists_models_has_one_to_choose(clients: Clients) -> None:
    assert [model.id for model in clients.openai.models.list()] == ["rechat"]
    assert [model.id for model in clients.anthropic.models.list()] == ["rechat"]
    assert [model.model for model in clients.ollama.list().models] == ["rechat"]
    assert clients.openai.models.retrieve("gpt-5").id == "gpt-5"


@needs_genai
def test_gemini_lists_a_model_too(clients: Clients) -> None:
    assert [model.name for model in clients.gemini.models.list()] == ["models/rechat"]
