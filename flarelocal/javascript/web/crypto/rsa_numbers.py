"""The numbers of RSA: where they come from, and which of them are safe."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import rsa

from flarelocal.dataclass import dataclass
from flarelocal.javascript.errors import JsError, dom_exception
from flarelocal.javascript.web.crypto.json_web_key import JsonWebKey, component
from flarelocal.javascript.web.crypto.key import KeyRequest

__all__ = [
    "RsaNumbers",
    "bytes_of_number",
    "check_imported",
    "check_new",
    "numbers_of_texts",
]

_JWK_HASHES = {
    "RS1": "SHA-1",
    "RS256": "SHA-256",
    "RS384": "SHA-384",
    "RS512": "SHA-512",
    "PS1": "SHA-1",
    "PS256": "SHA-256",
    "PS384": "SHA-384",
    "PS512": "SHA-512",
    "RSA-OAEP": "SHA-1",
    "RSA-OAEP-256": "SHA-256",
    "RSA-OAEP-384": "SHA-384",
    "RSA-OAEP-512": "SHA-512",
}
_SHORTEST, _LONGEST = 256, 16384
_NEW_EXPONENTS = (3, 65537)
_EXPONENTS = (3, 17, 37, 65537)


@dataclass(frozen=True, slots=True)
class RsaNumbers:
    """A key as numbers.

    Attributes:
        secret: the private exponent; None for a public key.
        crt: p, q, dp, dq and qi, where they are known.
    """

    modulus: int
    exponent: int
    secret: int | None = None
    crt: tuple[int, int, int, int, int] | None = None

    @classmethod
    def of(cls, key: rsa.RSAPrivateKey | rsa.RSAPublicKey) -> RsaNumbers:
        """The public numbers of a key."""
        public = key if isinstance(key, rsa.RSAPublicKey) else key.public_key()
        numbers = public.public_numbers()
        return cls(numbers.n, numbers.e)

    @property
    def modulus_length(self) -> int:
        """In bits, of whole bytes."""
        return len(bytes_of_number(self.modulus)) * 8

    def key(self) -> rsa.RSAPrivateKey | rsa.RSAPublicKey:
        """The key of the library.

        Raises:
            JsError: DataError where the numbers do not fit each other.
        """
        public = rsa.RSAPublicNumbers(self.exponent, self.modulus)
        try:
            if self.secret is None:
                return public.public_key()
            p, q, dp, dq, qi = self.crt or self._recovered(self.secret)
            numbers = rsa.RSAPrivateNumbers(p, q, self.secret, dp, dq, qi, public)
            # As in the runtime, they are tried out when the key is first used.
            return numbers.private_key(unsafe_skip_rsa_key_validation=True)
        except ValueError:
            raise _data_error(
                "The numbers of the RSA key do not fit each other; make a new key."
            ) from None

    def _recovered(self, secret: int) -> tuple[int, int, int, int, int]:
        p, q = rsa.rsa_recover_prime_factors(self.modulus, self.exponent, secret)
        return (
            p,
            q,
            rsa.rsa_crt_dmp1(secret, p),
            rsa.rsa_crt_dmq1(secret, q),
            rsa.rsa_crt_iqmp(p, q),
        )


def bytes_of_number(number: int) -> bytes:
    """As few bytes as there can be."""
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def check_new(length: int, exponent: bytes) -> None:
    """Check what a new key shall be like.

    Raises:
        JsError: OperationError where that is not safe, or cannot be.
    """
    _check_length(length)
    number = _small_number(exponent)
    if number not in _NEW_EXPONENTS:
        raise _refusal(f'The "publicExponent" must be either 3 or 65537, but got {number}.')
    if length % 128:
        raise _refusal("Can't generate key: RSA key size is required to be a multiple of 128")


def check_imported(numbers: RsaNumbers) -> None:
    """Check a key that comes in.

    Raises:
        JsError: OperationError where it is not safe.
    """
    _check_length(numbers.modulus_length)
    exponent = _small_number(bytes_of_number(numbers.exponent))
    if exponent not in _EXPONENTS:
        raise _refusal(f"Imported RSA key has invalid publicExponent {exponent}.")


def _check_length(length: int) -> None:
    if length % 8 or not _SHORTEST <= length <= _LONGEST:
        raise _refusal(
            "The modulus length must be a multiple of 8 and between 256 and 16k, but"
            f" {length} was requested."
        )


def _small_number(exponent: bytes) -> int:
    number = int.from_bytes(exponent, "big")
    if number >= 1 << 32:
        raise _refusal(
            'The "publicExponent" must be either 3 or 65537, but got a number larger than 2^32.'
        )
    return number


def numbers_of_texts(key: JsonWebKey, request: KeyRequest, digest: str | None) -> RsaNumbers:
    """The numbers of a JSON Web Key.

    Args:
        digest: the hash function that the program asks for; none for RSA-RAW.

    Raises:
        JsError: DataError where it is no such key.
    """
    if key.kty != "RSA":
        name = "RSASSA-PKCS1-v1_5" if digest else "RSA-RAW"
        raise _data_error(
            f'{name} "jwk" key import requires a JSON Web Key with Key Type parameter "kty"'
            f' ("{key.kty}") equal to "RSA".'
        )
    if key.alg is not None:
        _check_algorithm(key.alg, request, digest)
    modulus = _number(key.n, 'missing or invalid Modulus parameter ("n").')
    exponent = _number(key.e, 'missing or invalid Exponent parameter ("e").')
    if key.d is None:
        return RsaNumbers(modulus, exponent)
    secret = _number(key.d, 'missing or invalid Private Exponent parameter ("d").')
    given = [one for one in (key.p, key.q, key.dp, key.dq, key.qi) if one is not None]
    if not given:
        return RsaNumbers(modulus, exponent, secret)
    if len(given) < 5:
        raise _data_error(
            "Invalid RSA private key in JSON Web Key; if one Prime Factor or CRT"
            " Exponent/Coefficient parameter is present, then they must all be present"
            ' ("p", "q", "dp", "dq", "qi").'
        )
    crt = (
        _number(key.p, 'invalid First Prime Factor parameter ("p").'),
        _number(key.q, 'invalid Second Prime Factor parameter ("q").'),
        _number(key.dp, 'invalid First Factor CRT Exponent parameter ("dp").'),
        _number(key.dq, 'invalid Second Factor CRT Exponent parameter ("dq").'),
        _number(key.qi, 'invalid First CRT Coefficient parameter ("qi").'),
    )
    return RsaNumbers(modulus, exponent, secret, crt)


def _check_algorithm(name: str, request: KeyRequest, digest: str | None) -> None:
    written = request.algorithm.name
    # The runtime compares the name as it is written here, unlike elsewhere.
    if digest and written != request.name:
        raise dom_exception(f'Unrecognized RSA variant "{written}".', "NotSupportedError")
    if name not in _JWK_HASHES or (not digest and not name.startswith("RS")):
        raise dom_exception(
            f'Unrecognized or unimplemented algorithm "{name}" listed in JSON Web Key Algorithm'
            " parameter.",
            "NotSupportedError",
        )
    if digest and _JWK_HASHES[name] != digest:
        raise _data_error(
            f'JSON Web Key Algorithm parameter "alg" ("{name}") does not match requested hash'
            f' algorithm "{name}".'
        )


def _number(text: str | None, flaw: str) -> int:
    return int.from_bytes(component(text, f"Invalid RSA key in JSON Web Key; {flaw}"), "big")


def _data_error(message: str) -> JsError:
    return dom_exception(message, "DataError")


def _refusal(message: str) -> JsError:
    return dom_exception(message, "OperationError")
