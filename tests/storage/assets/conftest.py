"""A directory of files, and requests for them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flarelocal.storage.assets import AssetAnswer, Assets

Site = Callable[..., "Visitor"]


class Visitor:
    """Sends requests to the assets of a directory."""

    def __init__(self, assets: Assets) -> None:
        self.assets = assets

    def ask(self, path: str, method: str = "GET", **headers: str) -> AssetAnswer:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.assets.resolve(method, f"http://example.com{path}", given)

    def see(self, path: str) -> str:
        """What a browser gets: `name of the file`, `404 name`, `307 → path`, `404`."""
        answer = self.ask(path)
        if answer.file is not None:
            shown = answer.file.path.relative_to(self.root).as_posix()
            return shown if answer.status == 200 else f"{answer.status} {shown}"
        location = dict(answer.headers).get("location")
        return f"{answer.status} → {location}" if location else f"{answer.status}"

    root: Path


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Makes a directory of files: their names, or their names and contents."""
    root = (tmp_path / "public").resolve()
    root.mkdir()

    def make(files: str | dict[str, str] = "", **settings: str) -> Visitor:
        contents = files if isinstance(files, dict) else dict.fromkeys(files.split(), "content")
        for name, content in contents.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, "utf-8")
        visitor = Visitor(Assets(root, **settings))
        visitor.root = root
        return visitor

    return make
