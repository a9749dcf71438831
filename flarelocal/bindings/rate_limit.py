"""A rate limit: `env.MY_LIMIT` (Cloudflare docs, "Rate Limiting" of Workers)."""

from __future__ import annotations

from flarelocal.config.bindings import RateLimit
from flarelocal.javascript.errors import error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.signature import properties_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.storage.rate_limits import RateLimits

__all__ = ["Ratelimit"]

_OPTIONS = ("key", "limit", "period")
_PERIODS = (10, 60)


class Ratelimit(HostObject, io=True):
    """A limit that is counted by key."""

    __slots__ = ("_config", "_limits")

    def __init__(self, config: RateLimit, limits: RateLimits) -> None:
        self._config = config
        self._limits = limits

    @method(promise=True)
    def limit(self, options: Value = None) -> Value:
        """Count a call of a key; `success` tells whether it is within the limit."""
        given = None if options is None or options is null else properties_of(options)
        if given is None:
            raise error("invalid rate limit options")
        if unknown := [name for name in given if name not in _OPTIONS]:
            raise error(f"bad rate limit options: [{','.join(unknown)}]")
        key, limit, period = (given.get(name) for name in _OPTIONS)
        key = "" if key is None else key
        limit = self._config.limit if limit is None else limit
        period = self._config.period if period is None else period
        if not isinstance(key, str):
            raise error(f"invalid key: {to_string(key)}")
        for name, value in (("limit", limit), ("period", period)):
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise error(f"{name} must be a number: {to_string(value)}")
        if period not in _PERIODS:
            raise error(f"unsupported period: {to_string(period)}")
        allowed = self._limits.allow(self._config.namespace_id, key, limit, int(period))
        return {"success": allowed}
