"""The Cache API's storage: responses by URL, for as long as their headers allow."""

from flarelocal.storage.cache.answer import Answer, Part, answer
from flarelocal.storage.cache.cache import Cache, Stored
from flarelocal.storage.cache.store import CacheStore, Entry

__all__ = ["Answer", "Cache", "CacheStore", "Entry", "Part", "Stored", "answer"]
