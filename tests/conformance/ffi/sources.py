"""`__golden_eval`: the JavaScript expressions of the cases as values of JavaScript-land."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from flarelocal.javascript.binary import VIEW_TYPES, ArrayBuffer, DataView
from flarelocal.javascript.builtins.object import ObjectType
from flarelocal.javascript.clone import structured_clone
from flarelocal.javascript.collections import Map, Set
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import JsError, Thrown, range_error, type_error
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.instance import Instance
from flarelocal.javascript.iterator import NamedIterator
from flarelocal.javascript.promise import future
from flarelocal.javascript.regexp import RegExp
from flarelocal.javascript.text import to_string, typeof
from flarelocal.javascript.values import BigInt, Boxed, Symbol, Value, hole, null
from flarelocal.javascript.web.global_scope import GlobalScope
from tests.conformance.ffi.description import describe
from tests.conformance.realm import Realm, call, property_of

__all__ = ["evaluate"]


class A(Instance):
    """`class A {}`"""


class Foo(Instance):
    """`class Foo { constructor() { this.a = 1 } }`"""


class K(Instance, constructible=True):
    """`class K { constructor(a, o) { this.a = a; this.o = o } }`"""

    def __init__(self, a: Value = None, o: Value = None) -> None:
        super().__init__({"a": a, "o": o})


def _new(name: str, *arguments: Value) -> Value:
    return Realm().new(name, *arguments)


def _resolved(value: Value) -> Value:
    made = future()
    made.set_result(value)
    return made


def _generated() -> Iterator[Value]:
    yield 1


def _foo() -> None:
    """`function foo() {}`"""


def _nameless() -> None:
    """`function () {}`"""


_nameless.__name__ = ""


def _described(*arguments: Value) -> str:
    return " | ".join(map(describe, arguments))


def _throwing(thrown: BaseException) -> Callable[[], Value]:
    def function() -> Value:
        raise thrown

    return function


def _caught_message(proxy: Value) -> Value:
    try:
        return call(property_of(proxy, "get"), ["a"], "get")
    except JsError as error:
        return error.message.partition("\n")[0]


def _cloned_or_name(value: Value) -> Value:
    try:
        return structured_clone(value)
    except JsError as error:
        return error.name


_one: Callable[..., Value] = lambda *arguments: 1  # noqa: E731
_kept: dict[str, Value] = {}


def _keep() -> Value:
    _kept["q"] = {}
    return _kept["q"]


_SOURCES: dict[str, Callable[[], Value]] = {
    "1": lambda: 1,
    "1.5": lambda: 1.5,
    "3.0": lambda: 3,
    "-0": lambda: -0.0,
    "2**53": lambda: 2.0**53,
    "2**53-1": lambda: 2**53 - 1,
    "2**31": lambda: 2**31,
    "-(2**53)": lambda: -(2.0**53),
    "1e20": lambda: 1e20,
    "NaN": lambda: math.nan,
    "Infinity": lambda: math.inf,
    "1n": lambda: BigInt(1),
    "2n**70n": lambda: BigInt(2**70),
    "-1n": lambda: BigInt(-1),
    "true": lambda: True,
    "false": lambda: False,
    "null": lambda: null,
    "undefined": lambda: None,
    "''": lambda: "",
    "'abc'": lambda: "abc",
    "[1,null,undefined,[2]]": lambda: [1, null, None, [2]],
    "({a:1,b:null,c:undefined,d:{e:[1]}})": lambda: {"a": 1, "b": null, "c": None, "d": {"e": [1]}},
    "new Map([['a',1],[{},2]])": lambda: Map.of([("a", 1), ({}, 2)]),
    "new Map([[1,2]])": lambda: Map.of([(1, 2)]),
    "new Set([1,'a',null])": lambda: Set([1, "a", null]),
    "new Date(0)": lambda: Date(0),
    "new Error('m')": lambda: JsError("m"),
    "new TypeError('m')": lambda: type_error("m"),
    "new RangeError('m')": lambda: range_error("m"),
    "(function(){})": lambda: _nameless,
    "(()=>1)": lambda: _one,
    "(class A{})": lambda: constructor_of_class(A),
    "Symbol('x')": lambda: Symbol("x"),
    "new Uint8Array([1,2,255])": lambda: _bytes(1, 2, 255),
    "new Uint8Array([1,2]).buffer": lambda: _bytes(1, 2).buffer,
    "new Uint8Array(0)": lambda: _bytes(),
    "new Uint8Array([1])": lambda: _bytes(1),
    "new Float64Array([1.5])": lambda: _new("Float64Array", [1.5]),
    "new Int16Array([1,-1])": lambda: _new("Int16Array", [1, -1]),
    "new DataView(new ArrayBuffer(2))": lambda: DataView(ArrayBuffer(2)),
    "new ArrayBuffer(2)": lambda: ArrayBuffer(2),
    "Promise.resolve(1)": lambda: _resolved(1),
    "/x/g": lambda: RegExp("x", "g"),
    "/x/": lambda: RegExp("x"),
    "new (class Foo{constructor(){this.a=1}})": lambda: Foo({"a": 1}),
    "Object.create(null)": lambda: ObjectType.create(null),
    "Object.assign(Object.create(null),{a:1})": lambda: ObjectType.assign(
        ObjectType.create(null), {"a": 1}
    ),
    "Object.assign([1],{x:1})": lambda: ObjectType.assign([1], {"x": 1}),
    "new Number(5)": lambda: Boxed(5),
    "new String('s')": lambda: Boxed("s"),
    "new Boolean(false)": lambda: Boxed(False),
    "globalThis": GlobalScope,
    "new URL('http://a/b')": lambda: _new("URL", "http://a/b"),
    "new Headers({a:'b'})": lambda: _new("Headers", {"a": "b"}),
    "(function*(){yield 1})()": _generated,
    "[1,2][Symbol.iterator]()": lambda: NamedIterator.of("Array Iterator", [1, 2]),
    "new Map([['a',1]]).entries()": lambda: Map.of([("a", 1)]).entries(),
    "new Response('x')": lambda: _new("Response", "x"),
    "new WeakMap()": lambda: _new("WeakMap"),
    "[,1]": lambda: [hole, 1],
    "({length:2})": lambda: {"length": 2},
    "({size:2})": lambda: {"size": 2},
    "({then:1})": lambda: {"then": 1},
    "({get:()=>1,has:()=>1,length:1})": lambda: {"get": _one, "has": _one, "length": 1},
    "({a:1,b:null,c:undefined,'d-e':5,class:7,keys:9,to_py:3,then_:1,len:4})": lambda: {
        "a": 1,
        "b": null,
        "c": None,
        "d-e": 5,
        "class": 7,
        "keys": 9,
        "to_py": 3,
        "then_": 1,
        "len": 4,
    },
    "({})": dict,
    "[]": list,
    "new Map()": Map,
    "(function foo(){})": lambda: _named("foo"),
    "[1,2]": lambda: [1, 2],
    "new Map([['a',1]])": lambda: Map.of([("a", 1)]),
    "globalThis.__q=({})": _keep,
    "globalThis.__q": lambda: _kept["q"],
    "[1,2,3,null]": lambda: [1, 2, 3, null],
    "new Map([['a',1],['b',null]])": lambda: Map.of([("a", 1), ("b", null)]),
    "new Set([1,2])": lambda: Set([1, 2]),
    "(function(...a){return a.map(x=>globalThis.__golden_describe(x)).join(' | ')})": (
        lambda: _described
    ),
    "((a,b)=>typeof b)": lambda: lambda a=None, b=None: typeof(b),
    "(class K{constructor(a,o){this.a=a;this.o=o}})": lambda: constructor_of_class(K),
    "(()=>{throw new TypeError('bad')})": lambda: _throwing(type_error("bad")),
    "(()=>{throw 'str'})": lambda: _throwing(Thrown("str")),
    "(()=>{throw {a:1}})": lambda: _throwing(Thrown({"a": 1})),
    "(f=>f())": lambda: lambda f: f(),
    "(f=>f({a:1},[1],null,undefined,1n,2.0))": lambda: (
        lambda f: f({"a": 1}, [1], null, None, BigInt(1), 2)
    ),
    "(f=>f(1,2,3))": lambda: lambda f: f(1, 2, 3),
    "(f=>globalThis.__golden_describe(f()))": lambda: lambda f: describe(f()),
    "(x=>x)": lambda: lambda x=None: x,
    "(x=>{try{return x.get('a')}catch(e){return e.message.split('\\n')[0]}})": (
        lambda: _caught_message
    ),
    "new TextEncoder().encode('hé')": lambda: _bytes(*"hé".encode()),
    "(x=>x.length)": lambda: lambda x: property_of(x, "length"),
    "(x=>x.get('a'))": lambda: lambda x: call(property_of(x, "get"), ["a"], "x.get"),
    "(x=>x.a)": lambda: lambda x: property_of(x, "a"),
    "(x=>x.x)": lambda: lambda x: property_of(x, "x"),
    "(x=>{try{return structuredClone(x)}catch(e){return e.name}})": lambda: _cloned_or_name,
    "(x=>structuredClone(x))": lambda: structured_clone,
    "(x=>String(x))": lambda: to_string,
    "({a:null,b:undefined,c:[null]})": lambda: {"a": null, "b": None, "c": [null]},
    "[{a:1}]": lambda: [{"a": 1}],
    "new Map([['a',{b:1}]])": lambda: Map.of([("a", {"b": 1})]),
    "new Set([1])": lambda: Set([1]),
    "new Date(86400000)": lambda: Date(86_400_000),
    "({a:new Date(0)})": lambda: {"a": Date(0)},
    "new TypeError('t')": lambda: type_error("t"),
    "({a:new Map([[1,2]])})": lambda: {"a": Map.of([(1, 2)])},
}
"""Each expression, and what makes its value."""


def _bytes(*members: int) -> Value:
    return VIEW_TYPES["Uint8Array"](ArrayBuffer.of(bytearray(members)))


def _named(name: str) -> Callable[[], Value]:
    def function() -> None:
        """Does nothing."""

    function.__name__ = name
    return function


def evaluate(source: str) -> Value:
    """The value of an expression of the cases.

    Raises:
        NotImplementedError: it needs code of JavaScript to run.
    """
    if source not in _SOURCES:
        raise NotImplementedError(f"no value stands for the expression {source}")
    return _SOURCES[source]()
