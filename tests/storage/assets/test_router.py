"""Who answers: the assets or the Worker."""

from collections.abc import Sequence

import pytest

from flarelocal.storage.assets import AssetsRouter
from tests.storage.assets.conftest import Site

FILES = "index.html a.txt api/doc.txt"


def routed(
    site: Site,
    path: str,
    first: bool | Sequence[str] = False,
    *,
    method: str = "GET",
    navigate: bool = False,
    prefers: bool = True,
    worker: bool = True,
) -> str:
    assets = site(FILES, not_found_handling="single-page-application").assets
    router = AssetsRouter(assets, first, navigation_prefers_assets=prefers, has_worker=worker)
    headers = {"sec-fetch-mode": "navigate"} if navigate else {}
    answer = router.answer(method, f"http://example.com{path}", headers)
    if answer is None:
        return "Worker"
    return answer.file.path.name if answer.file else str(answer.status)


def test_files_come_before_the_worker(site: Site) -> None:
    assert routed(site, "/a.txt") == "a.txt"
    assert routed(site, "/index.html") == "307"
    assert routed(site, "/other") == "Worker"


def test_a_file_that_is_posted_to_is_not_the_workers(site: Site) -> None:
    assert routed(site, "/a.txt", method="POST") == "405"
    assert routed(site, "/other", method="POST") == "Worker"


def test_a_browser_that_opens_a_missing_page_gets_the_application(site: Site) -> None:
    assert routed(site, "/other", navigate=True) == "index.html"
    assert routed(site, "/other", navigate=True, prefers=False) == "Worker"


def test_the_worker_can_come_first_always(site: Site) -> None:
    assert routed(site, "/a.txt", True) == "Worker"
    assert routed(site, "/other", True, navigate=True) == "Worker"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/x", "Worker"),
        ("/api/doc.txt", "doc.txt"),
        ("/api/doc.html", "index.html"),
        ("/api", "index.html"),
        ("/a.txt", "a.txt"),
        ("/other", "index.html"),
    ],
)
def test_patterns_tell_for_which_paths_it_comes_first(site: Site, path: str, expected: str) -> None:
    assert routed(site, path, ["/api/*", "!/api/doc*"]) == expected


def test_without_a_worker_the_assets_answer_for_all(site: Site) -> None:
    assert routed(site, "/a.txt", True, worker=False) == "a.txt"
    assert routed(site, "/other", worker=False) == "index.html"


def test_worker_first_tells_of_a_path_alone(site: Site) -> None:
    router = AssetsRouter(site(FILES).assets, ["/api/*", "!/api/doc*"])
    assert [router.worker_first(path) for path in ("/api/x", "/api/doc.txt", "/a.txt")] == [
        True,
        False,
        False,
    ]
