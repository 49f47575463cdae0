"""Bytes that are stored apart come back as the URL they were."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.values import assets

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)


def test_an_asset_is_named_after_its_content() -> None:
    assert assets.path_of(b"hello", "txt") == "assets/2cf24dba5fb0a30e.txt"
    assert assets.digest(b"hello") == "2cf24dba5fb0a30e"


@given(
    st.binary(), st.sampled_from(["image/png", "audio/wav", "application/x-thing", "image/svg+xml"])
)
def test_a_data_url_is_taken_apart_and_put_together(content: bytes, media_type: str) -> None:
    url = assets.data_url(media_type, content)
    assert assets.split_data_url(url) == (media_type, content)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.b/c.png",
        "data:image/png,raw",
        "data:;base64,AAAA",
        "data:image/png;charset=x;base64,AAAA",
        "data:image/png;base64,AAA",
        "data:image/png;base64,AAB=",
        "data:image/png;base64,AA==\n",
        "data:image/png;base64,AA AA",
        "data:image/png;base64,A===",
        "DATA:image/png;base64,AAAA",
    ],
)
def test_a_url_that_would_not_come_back_is_left_alone(url: str) -> None:
    assert assets.split_data_url(url) is None


@pytest.mark.parametrize(
    "media_type",
    ["image/jpeg", "image/png", "image/gif", "image/webp", "image/svg+xml", "audio/wav", "audio/mpeg", "application/pdf", "application/json", "application/octet-stream", "text/plain", "text/markdown"],
)  # fmt: skip
def test_an_extension_stands_for_one_media_type(media_type: str) -> None:
    extension = assets.extension_of(media_type)
    assert extension
    assert assets.type_of(assets.path_of(PIXEL, extension)) == media_type


@pytest.mark.parametrize("media_type", ["image/jpg", "IMAGE/PNG", "audio/x-wav", "", "video/mp4"])
def test_a_media_type_that_has_no_extension_of_its_own_has_none(media_type: str) -> None:
    assert assets.extension_of(media_type) is None


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("photos/Cat.JPG", "image/jpeg"),
        ("cat.jpeg", "image/jpeg"),
        ("page.html", "text/html"),
        ("a.unknown-thing", "application/octet-stream"),
        ("README", "application/octet-stream"),
    ],
)
def test_a_file_of_a_person_has_the_type_of_its_extension(path: str, media_type: str) -> None:
    assert assets.type_of(path) == media_type


def test_a_source_that_stands_alone_has_no_assets() -> None:
    with pytest.raises(FileNotFoundError, match=r"a\.png"):
        assets.no_assets("a.png")
