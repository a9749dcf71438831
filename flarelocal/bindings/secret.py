"""A secret of the Secrets Store (Cloudflare docs, "Secrets Store")."""

from __future__ import annotations

from collections.abc import Mapping

from flarelocal.config.bindings import SecretsStoreSecret
from flarelocal.javascript.errors import error
from flarelocal.javascript.host import HostObject, method

__all__ = ["StoredSecret"]


class StoredSecret(HostObject, js_name="Fetcher", io=True):
    """A secret whose local value is the variable of its name.

    Args:
        variables: those of `.dev.vars`, `.env` and the command line, and `vars`.
    """

    __slots__ = ("_secret", "_variables")

    def __init__(self, secret: SecretsStoreSecret, variables: Mapping[str, object]) -> None:
        self._secret = secret
        self._variables = variables

    @method(promise=True)
    def get(self) -> str:
        """The value."""
        name = self._secret.secret_name
        value = self._variables.get(name)
        if not isinstance(value, str):
            raise error(
                f'Secret "{name}" not found: give it a local value in .dev.vars, {name}="…"'
            )
        return value
