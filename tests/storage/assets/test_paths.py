"""From the path of a URL to a file, and never out of the directory."""

import os
from pathlib import Path

import pytest

from flarelocal.storage.assets.directory import AssetDirectory
from tests.storage.assets.conftest import Site


def test_escapes_are_resolved(site: Site) -> None:
    visitor = site({"a b.txt": "", "é中.txt": "", "100%.txt": ""})
    assert visitor.see("/a%20b.txt") == "a b.txt"
    assert visitor.see("/%C3%A9%E4%B8%AD.txt") == "é中.txt"
    assert visitor.see("/100%25.txt") == "100%.txt"


def test_a_path_that_is_written_otherwise_leads_to_the_usual_one(site: Site) -> None:
    visitor = site({"[a].txt": "", "folder/a.txt": "", "b.txt": ""})
    assert visitor.see("/[a].txt") == "307 → /%5Ba%5D.txt"
    assert visitor.see("/%62.txt") == "307 → /b.txt"
    assert visitor.see("/folder%2Fa.txt") == "307 → /folder/a.txt"
    assert visitor.see("//folder///a.txt?q") == "307 → /folder/a.txt?q"


def test_a_file_whose_name_looks_escaped_is_at_the_path_that_escapes_it(site: Site) -> None:
    visitor = site({"%5Ba%5D.txt": ""})
    assert visitor.see("/%255Ba%255D.txt") == "%5Ba%5D.txt"
    assert visitor.see("/%5Ba%5D.txt") == "404"


@pytest.mark.parametrize("path", ["/%", "/%zz", "/%ff", "/a%00b", "/%ED%A0%80", "/" + "x" * 5000])
def test_a_path_that_cannot_be_a_file_is_not_found(site: Site, path: str) -> None:
    assert site("a").see(path) == "404"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/a/..%2f..%2fsecret.txt",
        "/a/%2e%2e%2f../secret.txt",
        "/..%5csecret.txt",
        "//../secret.txt",
        "/a/./b.txt",
        "/.",
    ],
)
def test_nothing_outside_of_the_directory_can_be_reached(site: Site, path: str) -> None:
    visitor = site("a/b.txt")
    (visitor.root.parent / "secret.txt").write_text("secret", "utf-8")
    assert visitor.see(path) in ("404", "307 → /a/b.txt", "a/b.txt")


@pytest.mark.parametrize("path", ["", "a.txt", "/..", "/../public/a.txt", "/a.txt/", "//a.txt"])
def test_only_paths_from_the_root_on_are_files(site: Site, path: str) -> None:
    assert AssetDirectory(site("a.txt").root).find(path) is None


def test_links_are_followed_within_the_directory_only(site: Site) -> None:
    visitor = site("real/a.txt")
    (visitor.root.parent / "secret.txt").write_text("secret", "utf-8")
    for name, target in {
        "inside.txt": "real/a.txt",
        "folder": "real",
        "outside.txt": "../secret.txt",
        "up": "..",
        "nowhere": "nothing",
        "loop": "loop",
    }.items():
        os.symlink(target, visitor.root / name)
    assert visitor.see("/inside.txt") == "real/a.txt"
    assert visitor.see("/folder/a.txt") == "real/a.txt"
    for path in ("/outside.txt", "/up/secret.txt", "/up/public/real/a.txt", "/nowhere", "/loop"):
        assert visitor.see(path) in ("404", "real/a.txt")
    assert visitor.see("/outside.txt") == visitor.see("/up/secret.txt") == "404"


def test_a_directory_may_be_a_link_itself_or_come_later(site: Site, tmp_path: Path) -> None:
    visitor = site("a.txt")
    os.symlink(visitor.root, tmp_path / "link")
    assert AssetDirectory(tmp_path / "link").find("/a.txt") is not None
    later = AssetDirectory(tmp_path / "later")
    assert later.find("/a.txt") is None
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "a.txt").write_text("", "utf-8")
    assert later.find("/a.txt") is not None


def test_files_that_steer_are_not_served(site: Site) -> None:
    visitor = site(
        {
            "_headers": "",
            "_redirects": "",
            ".assetsignore": "*.map\n!keep.map\n/private/\n",
            "sub/_headers": "",
            "a.map": "",
            "keep.map": "",
            "private/a.txt": "",
            ".well-known/a.txt": "",
        }
    )
    for path in ("/_headers", "/_redirects", "/.assetsignore", "/a.map", "/private/a.txt"):
        assert visitor.see(path) == "404"
    for path in ("/sub/_headers", "/keep.map", "/.well-known/a.txt"):
        assert visitor.see(path) == path[1:]


def test_changes_are_seen_at_once(site: Site) -> None:
    visitor = site("a.txt")
    (visitor.root / "b.txt").write_text("", "utf-8")
    assert visitor.see("/b.txt") == "b.txt"
    (visitor.root / ".assetsignore").write_text("b.txt", "utf-8")
    assert visitor.see("/b.txt") == "404"
    (visitor.root / ".assetsignore").unlink()
    assert visitor.see("/b.txt") == "b.txt"
    (visitor.root / "b.txt").unlink()
    assert visitor.see("/b.txt") == "404"
