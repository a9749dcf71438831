"""URLPattern (https://urlpattern.spec.whatwg.org)."""

from flarelocal.javascript.web.url_pattern.pattern import URLPattern

__all__ = ["URLPattern"]
