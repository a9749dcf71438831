"""V8 itself as the judge of JSON and structured clone: runs where `node` is installed."""

from __future__ import annotations

import json as python_json
import random
import re
import subprocess
from typing import Any

import pytest

from flarelocal.javascript import json
from flarelocal.javascript.clone import deserialize, serialize
from flarelocal.javascript.errors import JsError

VALUES = [
    "5", "-1", "2**31-1", "2**31", "-(2**31)", "1.5", "-0", "NaN", "null", "undefined", "true",
    "'text'", "'é'", "'中'", "'a中'", "'😀'", "''", "'x'.repeat(200)", "'\\ud800'",
    "0n", "-1n", "123456789012345678901234567890n", "2n**64n",
    "[]", "[1,'a']", "[undefined]", "({})", "({a:1,b:{c:2}})", "({ab:'中'})", "({'中':1})",
    "({9:1,10:2,b:3,'01':4,4294967294:1,4294967295:2})",
    "new Date(5)", "new Date(NaN)", "new Map([['a',1],[{},2]])", "new Set([1,'a'])",
    "/a+b/gi", "/x/dgimsuy", "new Number(5)", "new String('s')", "new Boolean(false)", "Object(5n)",
    "new ArrayBuffer(3)", "new Uint8Array([1,2,3])", "new Float64Array([1.5])",
    "new BigInt64Array([1n])", "new DataView(new ArrayBuffer(4),1,2)",
    "new Error('m')", "new TypeError('m',{cause:'c'})",
    "Object.assign(new Error('m'),{name:'Mine'})",
    "(() => {const a={};a.self=a;return a})()", "(() => {const a=[1];return {x:a,y:a}})()",
    "(() => {const b=new ArrayBuffer(8);return [new Uint8Array(b,2,3),new Int16Array(b),b]})()",
]  # fmt: skip

HOLEY = ["[,1]", "[[,1],'中']", "new Array(5)", "[1,,3]"]

WRITE = """
const v8 = require('v8');
const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(texts.map((text) => {
  const writer = new v8.Serializer();
  writer.writeHeader();
  writer.writeValue((0, eval)(text));
  return writer.releaseBuffer().toString('hex');
})));
"""

COMPARE = """
const v8 = require('v8'), util = require('util');
const pairs = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(pairs.map(([text, hex]) => {
  const reader = new v8.Deserializer(Buffer.from(hex, 'hex'));
  reader.readHeader();
  const value = reader.readValue();
  return util.isDeepStrictEqual(value, (0, eval)(text)) ? '' : util.inspect(value);
})));
"""

PARSE = """
const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(texts.map((text) => {
  try { return JSON.stringify(JSON.parse(text)); } catch (error) { return error.message; }
})));
"""

LINES = re.compile(r" \(line \d+ column \d+\)")
"""Newer versions of V8 tell line and column as well."""


def node(script: str, data: Any) -> list[Any]:
    """What the script makes of the data."""
    answer = subprocess.run(
        ["node", "-e", script],
        input=python_json.dumps(data),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    made: list[Any] = python_json.loads(answer.stdout)
    return made


@pytest.fixture(scope="module")
def written() -> dict[str, bytes]:
    """What V8 writes of each value."""
    texts = [*VALUES, *HOLEY]
    return {text: bytes.fromhex(data) for text, data in zip(texts, node(WRITE, texts), strict=True)}


@pytest.mark.parametrize("text", VALUES)
def test_v8s_bytes_are_read_and_written_again(text: str, written: dict[str, bytes]) -> None:
    assert serialize(deserialize(written[text]), enhanced_errors=False) == written[text]


def test_v8_understands_arrays_with_holes(written: dict[str, bytes]) -> None:
    pairs = [(text, serialize(deserialize(written[text])).hex()) for text in HOLEY]
    assert node(COMPARE, pairs) == [""] * len(HOLEY)


def broken_texts() -> list[str]:
    """JSON with random mistakes, the same ones each time."""
    dice = random.Random(1)
    sound = [
        '{"a": [1, -2.5e3, true, null], "b": {"c": "x\\u0041y"}}',
        '[[],{},"😀\\n",0.5,false]',
        '{"k":1}',
    ]
    texts = ["", " ", "nul", "nulx", "NaN", "-Infinity", "[object Object]", "\ufeff1", '"\\', "1e+"]
    for _ in range(1000):
        text = dice.choice(sound)
        at = dice.randrange(len(text))
        change = dice.choice(["", text[at] + dice.choice('{}[],:"x1-.e\\ tn'), None])
        texts.append(text[:at] if change is None else text[:at] + change + text[at + 1 :])
    return texts


def test_json_is_read_and_refused_as_v8_does() -> None:
    texts = broken_texts()
    differing = {
        text: (ours, theirs)
        for text, theirs in zip(texts, node(PARSE, texts), strict=True)
        if (ours := parsed(text)) != theirs
    }
    assert not differing


def parsed(text: str) -> str | None:
    try:
        return json.stringify(json.parse(text))
    except JsError as error:
        return LINES.sub("", error.message)
