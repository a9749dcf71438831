"""Who answers a request: the assets or the Worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ada_url

from flarelocal.storage.assets.patterns import glob
from flarelocal.storage.assets.service import AssetAnswer, Assets

__all__ = ["AssetsRouter"]


class AssetsRouter:
    """Routes by `run_worker_first` and by what is in the directory.

    Args:
        run_worker_first: the setting: True, False, or patterns of paths; those that begin with
            `!` are for the assets and count more.
        navigation_prefers_assets: the flag `assets_navigation_prefers_asset_serving`, on from
            compatibility date 2025-04-01: a browser that opens a page gets what
            `not_found_handling` says instead of the Worker's answer.
        has_worker: whether there is a Worker at all.
    """

    def __init__(
        self,
        assets: Assets,
        run_worker_first: bool | Sequence[str] = False,
        *,
        navigation_prefers_assets: bool = True,
        has_worker: bool = True,
    ) -> None:
        self._assets = assets
        self._always = run_worker_first is True
        patterns = [] if isinstance(run_worker_first, bool) else run_worker_first
        self._has_patterns = bool(patterns)
        self._assets_first = [glob(rule[1:]) for rule in patterns if rule.startswith("!")]
        self._worker_first = [glob(rule) for rule in patterns if not rule.startswith("!")]
        self._navigation_prefers_assets = navigation_prefers_assets
        self._has_worker = has_worker

    def worker_first(self, path: str) -> bool:
        """Whether the Worker answers whatever is in the directory; `path` is as in the URL."""
        return self._has_worker and self._preference(path) is True

    def answer(self, method: str, url: str, headers: Mapping[str, str]) -> AssetAnswer | None:
        """The answer of the assets; None if the Worker is to answer.

        Args:
            url: absolute, as the URL standard writes it.
            headers: names are in lower case.
        """
        if not self._has_worker:
            return self._assets.resolve(method, url, headers)
        preference = self._preference(ada_url.URL(url).pathname)
        if preference is True:
            return None
        if preference is False:
            return self._assets.resolve(method, url, headers)
        navigation = self._navigation_prefers_assets and headers.get("sec-fetch-mode") == "navigate"
        return self._assets.find(method, url, headers, not_found=self._has_patterns or navigation)

    def _preference(self, path: str) -> bool | None:
        """True for the Worker, False for the assets, None where no rule decides."""
        if any(pattern.fullmatch(path) for pattern in self._assets_first):
            return False
        if self._always or any(pattern.fullmatch(path) for pattern in self._worker_first):
            return True
        return None
