"""The static files that answer before a Worker does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flarelocal.config import WorkerConfig
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response

if TYPE_CHECKING:
    from flarelocal.storage.assets import Assets, AssetsRouter

__all__ = ["Site"]


class Site:
    """The `assets` of a Worker, if it has any.

    Attributes:
        assets: the directory, for the binding.
    """

    def __init__(self, config: WorkerConfig) -> None:
        self.assets: Assets | None = None
        self._router: AssetsRouter | None = None
        settings = config.assets
        if settings is None:
            return
        from flarelocal.storage.assets import Assets, AssetsRouter

        self.assets = Assets(
            settings.directory,
            settings.html_handling,
            settings.not_found_handling,
        )
        self._router = AssetsRouter(
            self.assets,
            settings.run_worker_first,
            navigation_prefers_assets=config.compatibility.enabled(
                "assets_navigation_prefers_asset_serving"
            ),
            has_worker=config.main is not None,
        )

    def answer(self, request: Request) -> Response | None:
        """The answer to a request; None if it is the Worker's."""
        if self._router is None:
            return None
        from flarelocal.bindings.assets import response_of

        headers = dict(request.headers.combined())
        answer = self._router.answer(request.method, request.url, headers)
        return None if answer is None else response_of(answer)
