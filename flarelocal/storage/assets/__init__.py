"""Static assets: which file of a directory answers a request, and with which status and headers."""

from flarelocal.storage.assets.directory import Asset
from flarelocal.storage.assets.html import HtmlHandling
from flarelocal.storage.assets.parsing import Problem
from flarelocal.storage.assets.router import AssetsRouter
from flarelocal.storage.assets.service import AssetAnswer, Assets, NotFoundHandling

__all__ = [
    "Asset",
    "AssetAnswer",
    "Assets",
    "AssetsRouter",
    "HtmlHandling",
    "NotFoundHandling",
    "Problem",
]
