"""flarelocal: the local runtime for Cloudflare Python Workers."""

__version__ = "0.1.0"

__all__ = ["__version__"]
