from __future__ import annotations

import math
import subprocess
import sys

import pytest

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.function import Constructor
from flarelocal.javascript.promise import settle
from flarelocal.javascript.properties import own_properties
from flarelocal.javascript.prototype import property_of
from flarelocal.javascript.text import to_string, typeof
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.global_scope import GlobalScope


@pytest.fixture
def scope() -> GlobalScope:
    return GlobalScope()


def test_every_name_has_a_value(scope: GlobalScope) -> None:
    for name in scope:
        assert scope.lookup(name) is scope.lookup(name)


def test_classes_carry_their_names(scope: GlobalScope) -> None:
    for name in scope:
        value = scope.lookup(name)
        if isinstance(value, Constructor):
            assert value.name == name


@pytest.mark.parametrize(
    ("name", "kind"),
    [("fetch", "function"), ("Response", "function"), ("JSON", "object"), ("NaN", "number")],
)
def test_kinds(scope: GlobalScope, name: str, kind: str) -> None:
    assert typeof(scope.lookup(name)) == kind


def test_constants(scope: GlobalScope) -> None:
    assert math.isnan(scope.lookup("NaN"))
    assert scope.lookup("undefined") is None
    assert scope.lookup("globalThis") is scope.lookup("self") is scope


def test_what_is_not_there(scope: GlobalScope) -> None:
    assert "document" not in scope
    with pytest.raises(KeyError):
        scope.lookup("document")


def test_programs_may_add_globals(scope: GlobalScope) -> None:
    scope.assign("mine", 5)
    assert scope.lookup("mine") == 5
    assert scope.own_properties() == {"mine": 5}
    assert "mine" not in GlobalScope()


def test_the_host_may_provide_globals() -> None:
    assert GlobalScope({"caches": lambda: "cache"}).lookup("caches") == "cache"


async def test_an_error_of_fetch_is_a_rejection(scope: GlobalScope) -> None:
    promise = scope.lookup("fetch")()
    with pytest.raises(JsError, match="parameter 1 is not of type 'Request or string'"):
        await settle(promise)


def test_functions_convert_their_arguments(scope: GlobalScope) -> None:
    with pytest.raises(JsError, match="Failed to execute 'setTimeout'"):
        scope.lookup("setTimeout")(5)
    assert scope.lookup("parseInt")("12px") == 12
    assert scope.lookup("parseFloat")("1.5e1x") == 15
    assert scope.lookup("encodeURIComponent")("a b/é") == "a%20b%2F%C3%A9"
    assert scope.lookup("decodeURIComponent")("%C3%A9") == "é"


def test_code_cannot_be_made_of_text(scope: GlobalScope) -> None:
    with pytest.raises(JsError, match="Code generation from strings disallowed"):
        scope.lookup("eval")("1")


def test_classes_that_are_not_emulated_say_so(scope: GlobalScope) -> None:
    rewriter: Value = scope.lookup("EventSource")
    assert to_string(rewriter) == "function EventSource() { [native code] }"
    with pytest.raises(JsError, match=r"does not emulate js\.EventSource") as refused:
        rewriter.construct()
    assert refused.value.name == "NotSupportedError"


def test_a_hello_worker_pays_for_little() -> None:
    program = """
import sys
from flarelocal.javascript.web.global_scope import GlobalScope
scope = GlobalScope()
scope.lookup("Response").construct("hello")
heavy = ("multipart", "crypto", "websocket", "outbound", "compression", "readable")
print([name for name in heavy if f"flarelocal.javascript.web.{name}" in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.strip() == "[]", run.stderr


RUNTIME = """
    AbortController AbortSignal AggregateError Array ArrayBuffer AsyncDisposableStack Atomics
    BigInt BigInt64Array BigUint64Array Blob Body Boolean Buffer ByteLengthQueuingStrategy Cache
    CacheStorage CloseEvent Cloudflare CompressionStream CountQueuingStrategy Crypto CryptoKey
    CustomEvent DOMException DataView Date DecompressionStream DisposableStack Error ErrorEvent
    EvalError Event EventSource EventTarget ExtendableEvent FetchEvent File FinalizationRegistry
    FixedLengthStream Float16Array Float32Array Float64Array FormData Function HTMLRewriter
    Headers IdentityTransformStream Infinity Int16Array Int32Array Int8Array Intl Iterator JSON
    Map Math MessageChannel MessageEvent MessagePort NaN Navigator Number Object Performance
    PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver
    PerformanceObserverEntryList PerformanceResourceTiming Promise PromiseRejectionEvent Proxy
    RangeError ReadableByteStreamController ReadableStream ReadableStreamBYOBReader
    ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader
    ReferenceError Reflect RegExp Request Response ScheduledEvent ServiceWorkerGlobalScope Set
    SharedArrayBuffer String SubtleCrypto SuppressedError Symbol SyntaxError TailEvent
    TextDecoder TextDecoderStream TextEncoder TextEncoderStream TraceEvent TransformStream
    TransformStreamDefaultController TypeError URIError URL URLPattern URLSearchParams
    Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly
    WebSocket WebSocketPair WebSocketRequestResponsePair WorkerGlobalScope WritableStream
    WritableStreamDefaultController WritableStreamDefaultWriter addEventListener atob btoa
    caches clearImmediate clearInterval clearTimeout console crypto decodeURI decodeURIComponent
    dispatchEvent encodeURI encodeURIComponent escape eval fetch global globalThis isFinite
    isNaN navigator origin parseFloat parseInt performance process queueMicrotask
    removeEventListener reportError scheduler self setImmediate setInterval setTimeout
    structuredClone undefined unescape
"""
"""What `Object.getOwnPropertyNames` finds on the global object of workerd and its prototypes."""


def test_the_globals_are_those_of_the_runtime(scope: GlobalScope) -> None:
    inherited = {"addEventListener", "dispatchEvent", "removeEventListener"}
    assert set(RUNTIME.split()) == set(scope) | inherited


def test_what_is_not_emulated_says_so_when_it_is_used(scope: GlobalScope) -> None:
    with pytest.raises(JsError, match=r"NotSupportedError: flarelocal does not emulate js\.Proxy;"):
        scope.lookup("Proxy")()
    with pytest.raises(JsError, match=r"does not emulate js\.Intl\.DateTimeFormat;"):
        scope.lookup("Intl").dynamic_property("DateTimeFormat")


def test_what_only_the_runtime_makes(scope: GlobalScope) -> None:
    with pytest.raises(JsError, match="TypeError: Illegal constructor"):
        scope.lookup("FetchEvent").construct()


def test_several_errors_in_one(scope: GlobalScope) -> None:
    made = scope.lookup("AggregateError").construct([1, 2], "both")
    assert str(made) == "AggregateError: both"
    assert property_of(made, "errors") == [1, 2]
    assert own_properties(made) == {}


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("a b+c/@", "a%20b+c/@"), ("é", "%E9"), ("€", "%u20AC"), ("😀", "%uD83D%uDE00")],
)
def test_escapes_of_units(scope: GlobalScope, text: str, escaped: str) -> None:
    assert scope.lookup("escape")(text) == escaped
    assert scope.lookup("unescape")(escaped) == text


def test_what_is_no_escape_stays(scope: GlobalScope) -> None:
    assert scope.lookup("unescape")("%zz%u12%") == "%zz%u12%"
