"""The tags of V8's wire format (value-serializer.cc), as byte values."""

from __future__ import annotations

from typing import Final

VERSION: Final = 15
OLDEST_VERSION: Final = 13
VERSION_WITH_VIEW_FLAGS: Final = 14

HEADER: Final = 0xFF
PADDING: Final = 0

UNDEFINED: Final = ord("_")
NULL: Final = ord("0")
TRUE: Final = ord("T")
FALSE: Final = ord("F")
INT32: Final = ord("I")
UINT32: Final = ord("U")
DOUBLE: Final = ord("N")
BIGINT: Final = ord("Z")
ONE_BYTE_STRING: Final = ord('"')
TWO_BYTE_STRING: Final = ord("c")
UTF8_STRING: Final = ord("S")

REFERENCE: Final = ord("^")
OBJECT: Final = ord("o")
END_OBJECT: Final = ord("{")
DENSE_ARRAY: Final = ord("A")
END_DENSE_ARRAY: Final = ord("$")
SPARSE_ARRAY: Final = ord("a")
END_SPARSE_ARRAY: Final = ord("@")
HOLE: Final = ord("-")
DATE: Final = ord("D")
TRUE_OBJECT: Final = ord("y")
FALSE_OBJECT: Final = ord("x")
NUMBER_OBJECT: Final = ord("n")
BIGINT_OBJECT: Final = ord("z")
STRING_OBJECT: Final = ord("s")
REGEXP: Final = ord("R")
MAP: Final = ord(";")
END_MAP: Final = ord(":")
SET: Final = ord("'")
END_SET: Final = ord(",")
ARRAY_BUFFER: Final = ord("B")
RESIZABLE_ARRAY_BUFFER: Final = ord("~")
TRANSFERRED_ARRAY_BUFFER: Final = ord("t")
VIEW: Final = ord("V")
ERROR: Final = ord("r")
HOST_OBJECT: Final = ord("\\")

VIEW_TAGS: Final = {
    "Int8Array": ord("b"),
    "Uint8Array": ord("B"),
    "Uint8ClampedArray": ord("C"),
    "Int16Array": ord("w"),
    "Uint16Array": ord("W"),
    "Int32Array": ord("d"),
    "Uint32Array": ord("D"),
    "Float32Array": ord("f"),
    "Float64Array": ord("F"),
    "BigInt64Array": ord("q"),
    "BigUint64Array": ord("Q"),
    "DataView": ord("?"),
}

ERROR_TAGS: Final = {
    "EvalError": ord("E"),
    "RangeError": ord("R"),
    "ReferenceError": ord("F"),
    "SyntaxError": ord("S"),
    "TypeError": ord("T"),
    "URIError": ord("U"),
}
ERROR_MESSAGE: Final = ord("m")
ERROR_CAUSE: Final = ord("c")
ERROR_STACK: Final = ord("s")
END_ERROR: Final = ord(".")

REGEXP_FLAGS: Final = {
    "g": 1,
    "i": 2,
    "m": 4,
    "y": 8,
    "u": 16,
    "s": 32,
    "d": 128,
    "v": 256,
}
