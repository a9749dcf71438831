from __future__ import annotations

import pytest

from flarelocal.javascript.binary import VIEW_TYPES
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.web.crypto.crypto import Crypto
from flarelocal.javascript.web.entropy import current_entropy


async def test_random_bytes_come_from_the_invocation() -> None:
    current_entropy.set(lambda size: bytes(range(size)))
    assert Crypto().random_uuid() == "00010203-0405-4607-8809-0a0b0c0d0e0f"
    view = VIEW_TYPES["Uint16Array"](2)  # type: ignore[arg-type]
    assert Crypto().get_random_values(view) is view
    assert bytes(view.memory) == b"\0\x01\x02\x03"


def test_random_values_are_integers() -> None:
    with pytest.raises(JsError, match="must be an integer-typed view"):
        Crypto().get_random_values(VIEW_TYPES["Float32Array"](2))  # type: ignore[arg-type]
