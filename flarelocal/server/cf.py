"""`request.cf`: what Cloudflare's network tells of a request, as if it came from this machine."""

from __future__ import annotations

from flarelocal.javascript.values import Value

__all__ = ["incoming_cf"]

_PROPERTIES: dict[str, Value] = {
    "asOrganization": "flarelocal",
    "asn": 64512,
    "city": "Lisbon",
    "clientAcceptEncoding": "",
    "clientTcpRtt": 0,
    "clientTrustScore": 99,
    "colo": "LIS",
    "continent": "EU",
    "country": "PT",
    "edgeRequestKeepAliveStatus": 0,
    "isEUCountry": "1",
    "latitude": "38.72630",
    "longitude": "-9.14840",
    "postalCode": "1000-001",
    "region": "Lisbon",
    "regionCode": "11",
    "requestPriority": "weight=16;exclusive=0;group=0;group-weight=0",
    "timezone": "Europe/Lisbon",
    "tlsCipher": "AEAD-AES128-GCM-SHA256",
    "tlsVersion": "TLSv1.3",
}


def incoming_cf(http_version: str) -> Value:
    """The properties of a request (Cloudflare docs, "Request", IncomingRequestCfProperties).

    Args:
        http_version: `1.1`, `2`, ….
    """
    return {**_PROPERTIES, "httpProtocol": f"HTTP/{http_version}"}
