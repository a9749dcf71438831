"""Where HTML files are served: the table of Cloudflare's page "HTML handling"."""

import pytest

from tests.storage.assets.conftest import Site

FILES = "index.html file.html folder/index.html data.bin both.html both/index.html"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "index.html"),
        ("/index", "307 → /"),
        ("/index.html", "307 → /"),
        ("/file", "file.html"),
        ("/file.html", "307 → /file"),
        ("/file/", "307 → /file"),
        ("/file/index", "307 → /file"),
        ("/file/index.html", "307 → /file"),
        ("/folder", "307 → /folder/"),
        ("/folder.html", "307 → /folder/"),
        ("/folder/", "folder/index.html"),
        ("/folder/index", "307 → /folder/"),
        ("/folder/index.html", "307 → /folder/"),
        ("/both", "both.html"),
        ("/both/", "both/index.html"),
        ("/both.html", "307 → /both"),
        ("/both/index.html", "307 → /both/"),
        ("/data.bin", "data.bin"),
        ("/data", "404"),
        ("/data.bin/", "404"),
    ],
)
def test_auto_trailing_slash(site: Site, path: str, expected: str) -> None:
    assert site(FILES).see(path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "index.html"),
        ("/index", "307 → /"),
        ("/file", "307 → /file/"),
        ("/file.html", "307 → /file/"),
        ("/file/", "file.html"),
        ("/file/index", "307 → /file/"),
        ("/file/index.html", "307 → /file/"),
        ("/folder", "307 → /folder/"),
        ("/folder.html", "307 → /folder/"),
        ("/folder/", "folder/index.html"),
        ("/folder/index", "307 → /folder/"),
        ("/folder/index.html", "307 → /folder/"),
        ("/both", "307 → /both/"),
        ("/both/", "both/index.html"),
        ("/both.html", "both.html"),
        ("/data.bin", "data.bin"),
    ],
)
def test_force_trailing_slash(site: Site, path: str, expected: str) -> None:
    assert site(FILES, html_handling="force-trailing-slash").see(path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "index.html"),
        ("/index", "307 → /"),
        ("/index.html", "307 → /"),
        ("/file", "file.html"),
        ("/file.html", "307 → /file"),
        ("/file/", "307 → /file"),
        ("/file/index", "307 → /file"),
        ("/file/index.html", "307 → /file"),
        ("/folder", "folder/index.html"),
        ("/folder.html", "307 → /folder"),
        ("/folder/", "307 → /folder"),
        ("/folder/index", "307 → /folder"),
        ("/folder/index.html", "307 → /folder"),
        ("/both", "both.html"),
        ("/both/", "307 → /both"),
        ("/both/index.html", "both/index.html"),
        ("/data.bin", "data.bin"),
    ],
)
def test_drop_trailing_slash(site: Site, path: str, expected: str) -> None:
    assert site(FILES, html_handling="drop-trailing-slash").see(path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "404"),
        ("/index.html", "index.html"),
        ("/file", "404"),
        ("/file.html", "file.html"),
        ("/folder/", "404"),
        ("/folder/index.html", "folder/index.html"),
    ],
)
def test_none(site: Site, path: str, expected: str) -> None:
    assert site(FILES, html_handling="none").see(path) == expected


def test_a_file_without_an_ending_is_served_at_its_name(site: Site) -> None:
    visitor = site("file file.html folder/index folder/index.html")
    assert visitor.see("/file") == "file"
    assert visitor.see("/file.html") == "file.html"
    assert visitor.see("/folder/index") == "folder/index"


@pytest.mark.parametrize("handling", ["auto-trailing-slash", "drop-trailing-slash"])
def test_a_redirect_keeps_the_query(site: Site, handling: str) -> None:
    visitor = site(FILES, html_handling=handling)
    assert visitor.see("/file.html?a=%20b") == "307 → /file?a=%20b"
