"""A Worker that issues and checks signed tokens, with others who do the same in their own way."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from tests.worker.conftest import Start

_ISSUER = """
    import base64, json
    from js import Object, crypto
    from pyodide.ffi import to_js
    from urllib.parse import parse_qs, urlsplit

    PAIRS = {
        "RS256": {
            "name": "RSASSA-PKCS1-v1_5",
            "hash": "SHA-256",
            "modulusLength": 1024,
            "publicExponent": bytes([1, 0, 1]),
        },
        "ES256": {"name": "ECDSA", "namedCurve": "P-256"},
        "EdDSA": {"name": "Ed25519"},
    }

    def js(value):
        return to_js(value, dict_converter=Object.fromEntries)

    def coded(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    def decoded(text):
        return base64.urlsafe_b64decode(text + "==")

    def signing(name):
        return js({"name": PAIRS[name]["name"], "hash": "SHA-256"})

    async def issued(name):
        pair = await crypto.subtle.generateKey(js(PAIRS[name]), True, js(["sign", "verify"]))
        token = coded(json.dumps({"alg": name}).encode()) + "." + coded(b'{"sub": "ann"}')
        signature = await crypto.subtle.sign(signing(name), pair.privateKey, js(token.encode()))
        key = await crypto.subtle.exportKey("jwk", pair.publicKey)
        return {"token": f"{token}.{coded(signature.to_bytes())}", "key": key.to_py()}

    async def checked(name, token, key):
        key = await crypto.subtle.importKey("jwk", js(key), js(PAIRS[name]), False, js(["verify"]))
        signed, _, signature = token.rpartition(".")
        data = js(decoded(signature))
        return await crypto.subtle.verify(signing(name), key, data, js(signed.encode()))

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            given = parse_qs(urlsplit(request.url).query)
            name = given["alg"][0]
            if "token" not in given:
                return Response.json(await issued(name))
            key = json.loads(given["key"][0])
            return Response.json(await checked(name, given["token"][0], key))
"""


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")


def coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(text: str) -> int:
    return int.from_bytes(decoded(text), "big")


def check(name: str, key: dict[str, Any], signature: bytes, signed: bytes) -> None:
    """Check a signature without the Worker."""
    if name == "RS256":
        rsa.RSAPublicNumbers(number(key["e"]), number(key["n"])).public_key().verify(
            signature, signed, padding.PKCS1v15(), hashes.SHA256()
        )
    elif name == "ES256":
        x, y = number(key["x"]), number(key["y"])
        halves = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key().verify(
            utils.encode_dss_signature(*halves), signed, ec.ECDSA(hashes.SHA256())
        )
    else:
        ed25519.Ed25519PublicKey.from_public_bytes(decoded(key["x"])).verify(signature, signed)


@pytest.mark.parametrize("name", ["RS256", "ES256", "EdDSA"])
async def test_tokens_of_the_worker_are_valid_elsewhere(start: Start, name: str) -> None:
    worker = await start(_ISSUER)
    issued = json.loads(await worker.get(f"/?alg={name}"))
    signed, _, signature = issued["token"].rpartition(".")
    check(name, issued["key"], decoded(signature), signed.encode())


async def test_tokens_of_others_are_valid_in_the_worker(start: Start) -> None:
    """Those of RFC 7515, appendix A.3, and one of another key."""
    key = {
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }
    token = (
        "eyJhbGciOiJFUzI1NiJ9"
        ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    )
    worker = await start(_ISSUER)
    path = f"/?alg=ES256&key={json.dumps(key).replace(' ', '')}&token="
    assert json.loads(await worker.get(path + token)) is True
    private = ec.generate_private_key(ec.SECP256R1())
    signed = token.rpartition(".")[0]
    halves = utils.decode_dss_signature(private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    forged = coded(b"".join(half.to_bytes(32, "big") for half in halves))
    assert json.loads(await worker.get(f"{path}{signed}.{forged}")) is False
