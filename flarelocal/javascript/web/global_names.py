"""Where the values of global names are from, each imported when it is first used."""

from __future__ import annotations

import math
from importlib import import_module

from flarelocal.javascript.builtins import BUILTINS, builtin
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.values import Value

__all__ = ["NAMES", "value_of"]

_CLASSES = {
    "AbortController": "web.abort",
    "AbortSignal": "web.abort",
    "ArrayBuffer": "binary",
    "Blob": "web.blob",
    "Body": "web.body",
    "ByteLengthQueuingStrategy": "web.queuing",
    "CloseEvent": "web.event",
    "CompressionStream": "web.compression",
    "CountQueuingStrategy": "web.queuing",
    "Crypto": "web.crypto.crypto",
    "CryptoKey": "web.crypto.key",
    "CustomEvent": "web.event",
    "Date": "date",
    "DecompressionStream": "web.compression",
    "ErrorEvent": "web.event",
    "Event": "web.event",
    "EventTarget": "web.event_target",
    "ExtendableEvent": "web.event",
    "File": "web.blob",
    "FinalizationRegistry": "weak",
    "FixedLengthStream": "web.identity",
    "FormData": "web.form_data",
    "HTMLRewriter": "web.html.rewriter",
    "Headers": "web.headers",
    "IdentityTransformStream": "web.identity",
    "Map": "collections",
    "MessageChannel": "web.message_channel",
    "MessageEvent": "web.event",
    "MessagePort": "web.message_channel",
    "Navigator": "web.navigator",
    "Performance": "web.performance",
    "PerformanceEntry": "web.performance",
    "PerformanceMark": "web.performance",
    "PerformanceMeasure": "web.performance",
    "PerformanceObserver": "web.performance",
    "ReadableByteStreamController": "web.readable_controller",
    "ReadableStream": "web.readable",
    "ReadableStreamBYOBReader": "web.readers",
    "ReadableStreamBYOBRequest": "web.byob_request",
    "ReadableStreamDefaultController": "web.readable_controller",
    "ReadableStreamDefaultReader": "web.readers",
    "RegExp": "regexp",
    "Request": "web.request",
    "Response": "web.response",
    "Set": "collections",
    "SubtleCrypto": "web.crypto.subtle",
    "TextDecoder": "web.encoding",
    "TextDecoderStream": "web.encoding",
    "TextEncoder": "web.encoding",
    "TextEncoderStream": "web.encoding",
    "TransformStream": "web.transform",
    "TransformStreamDefaultController": "web.transform",
    "URL": "web.url",
    "URLPattern": "web.url_pattern",
    "URLSearchParams": "web.url_search_params",
    "WeakMap": "weak",
    "WeakRef": "weak",
    "WeakSet": "weak",
    "WebSocket": "web.websocket",
    "WebSocketPair": "web.websocket_pair",
    "WebSocketRequestResponsePair": "web.websocket_pair",
    "WritableStream": "web.writable",
    "WritableStreamDefaultController": "web.writable",
    "WritableStreamDefaultWriter": "web.writer",
}
"""Name of the class → the module of `flarelocal.javascript` that defines it."""

_VIEWS = (
    "BigInt64Array",
    "BigUint64Array",
    "DataView",
    "Float32Array",
    "Float64Array",
    "Int16Array",
    "Int32Array",
    "Int8Array",
    "Uint16Array",
    "Uint32Array",
    "Uint8Array",
    "Uint8ClampedArray",
)

_NAMESPACES = {
    "JSON": ("builtins.namespaces", "Json"),
    "Math": ("builtins.math_namespace", "Math"),
    "Reflect": ("builtins.namespaces", "Reflect"),
    "console": ("web.console", "Console"),
    "crypto": ("web.crypto.crypto", "Crypto"),
    "navigator": ("web.navigator", "Navigator"),
    "performance": ("web.performance", "Performance"),
    "process": ("web.process", "Process"),
    "scheduler": ("web.timer", "Scheduler"),
}
"""Name of the object → module and class."""

_UNAVAILABLE = (
    "AsyncDisposableStack",
    "Buffer",
    "Cache",
    "CacheStorage",
    "DisposableStack",
    "EventSource",
    "Float16Array",
    "PerformanceObserverEntryList",
    "PerformanceResourceTiming",
    "Proxy",
    "SharedArrayBuffer",
    "SuppressedError",
)

_ILLEGAL = (
    "FetchEvent",
    "PromiseRejectionEvent",
    "ScheduledEvent",
    "ServiceWorkerGlobalScope",
    "TailEvent",
    "TraceEvent",
    "WorkerGlobalScope",
)
"""Classes whose instances the runtime alone makes, for Workers that are no modules."""

_UNAVAILABLE_OBJECTS = ("Atomics", "Cloudflare", "Intl", "WebAssembly", "caches")

_VALUES: dict[str, Value] = {
    "Infinity": math.inf,
    "NaN": math.nan,
    "origin": "null",
    "undefined": None,
}

NAMES = frozenset(
    {
        *BUILTINS,
        *_CLASSES,
        *_VIEWS,
        *_NAMESPACES,
        *_UNAVAILABLE,
        *_UNAVAILABLE_OBJECTS,
        *_ILLEGAL,
        *_VALUES,
    }
)
"""All of them."""


def value_of(name: str) -> Value:
    """A new value of one of `NAMES`."""
    if name in BUILTINS:
        return constructor_of_class(builtin(name))
    if name in _CLASSES:
        module = import_module(f"flarelocal.javascript.{_CLASSES[name]}")
        return constructor_of_class(getattr(module, name))
    if name in _VIEWS:
        from flarelocal.javascript.binary import VIEW_TYPES

        return constructor_of_class(VIEW_TYPES[name])
    if name in _NAMESPACES:
        module_name, kind = _NAMESPACES[name]
        return getattr(import_module(f"flarelocal.javascript.{module_name}"), kind)()
    if name in _UNAVAILABLE:
        from flarelocal.javascript.web.unavailable import unavailable_class

        return constructor_of_class(unavailable_class(name))
    if name in _UNAVAILABLE_OBJECTS:
        from flarelocal.javascript.web.unavailable import UnavailableObject

        return UnavailableObject(name)
    if name in _ILLEGAL:
        from flarelocal.javascript.web.unavailable import illegal_class

        return constructor_of_class(illegal_class(name))
    return _VALUES[name]
