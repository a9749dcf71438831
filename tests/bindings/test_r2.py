"""`env.MY_BUCKET` as programs see it."""

import errno
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

from flarelocal.bindings.r2.bucket import R2Bucket
from flarelocal.bindings.r2.results import refusals
from flarelocal.clock import VirtualClock
from flarelocal.javascript import json
from flarelocal.javascript.binary import ArrayBuffer
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.promise import settle
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.headers import Headers
from flarelocal.javascript.web.identity import FixedLengthStream
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.response import Response
from flarelocal.storage.r2 import R2Storage

LARGE = bytes(200_000)


async def call(target: HostObject, name: str, *arguments: Value) -> Any:
    return await settle(target.members[name].function(target, *arguments))


def member(target: HostObject, name: str) -> Any:
    return target.members[name].function(target)


async def refusal(target: HostObject, name: str, *arguments: Value) -> str:
    with pytest.raises(JsError) as caught:
        await call(target, name, *arguments)
    return str(caught.value)


@pytest.fixture
async def bucket() -> AsyncIterator[R2Bucket]:
    clock = VirtualClock()
    clock.make_current()
    storage = await R2Storage.open(None, clock, random.Random(1))
    yield R2Bucket(storage.bucket("files"))
    await storage.close()


@pytest.mark.parametrize("data", [b"text", LARGE], ids=["small", "large"])
async def test_a_body_can_be_stored_again(bucket: R2Bucket, data: bytes) -> None:
    await call(bucket, "put", "a", ArrayBuffer.of(data))
    found = await call(bucket, "get", "a")
    await call(bucket, "put", "b", member(found, "body"))
    copy = await call(bucket, "get", "b")
    assert (await call(copy, "arrayBuffer")).data == data
    assert "Body has already been used" in await refusal(found, "text")


async def test_a_response_of_a_body_knows_its_length(bucket: R2Bucket) -> None:
    await call(bucket, "put", "a", ArrayBuffer.of(LARGE))
    found = await call(bucket, "get", "a", {"range": {"offset": 1}})
    assert Response(member(found, "body")).body_length == len(LARGE) - 1


async def test_a_stream_that_fails_stores_nothing(bucket: R2Bucket) -> None:
    pipe = FixedLengthStream(10)
    stored = call(bucket, "put", "a", member(pipe, "readable"))
    writer = member(pipe, "writable").members["getWriter"].function(member(pipe, "writable"))
    aborted = writer.members["abort"].function(writer, JsError("gone"))
    with pytest.raises(JsError, match="gone"):
        await stored
    await settle(aborted)
    assert await call(bucket, "head", "a") is null


async def test_a_stream_has_a_known_length(bucket: R2Bucket) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"x"

    stream = ReadableStream.of_bytes(chunks())
    assert "must have a known length" in await refusal(bucket, "put", "a", stream)


async def test_headers_stand_for_metadata_and_conditions(bucket: R2Bucket) -> None:
    headers = Headers([["content-type", "text/x"], ["expires", "Tue, 14 Nov 2023 22:13:20 GMT"]])
    made = await call(bucket, "put", "a", "x", {"httpMetadata": headers})
    written = Headers()
    await call(made, "writeHttpMetadata", written)
    assert written.combined() == headers.combined()
    etag = member(made, "httpEtag")
    unchanged = await call(
        bucket, "get", "a", {"onlyIf": Headers([["if-none-match", f'"x", W/{etag}']])}
    )
    assert unchanged.js_name == "HeadResult"
    assert await refusal(bucket, "get", "a", {"onlyIf": Headers([["if-match", "a"]])}) == (
        "Error: Invalid ETag in if-match header"
    )
    assert "Comma was expected" in await refusal(
        bucket, "get", "a", {"onlyIf": Headers([["if-match", '"a" "b"']])}
    )


async def test_an_object_is_json(bucket: R2Bucket) -> None:
    made = await call(bucket, "put", "a", "x", {"storageClass": "InfrequentAccess"})
    shown = json.parse(json.stringify(made) or "")
    assert isinstance(shown, dict)
    assert shown["checksums"] == {"md5": "9dd4e461268c8034f5c8564e155c67a6"}
    assert (shown["key"], shown["storageClass"]) == ("a", "InfrequentAccess")
    assert isinstance(member(made, "uploaded"), Date)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"onlyIf": 5}, "Incorrect type for the 'onlyIf' field on 'GetOptions'"),
        ({"onlyIf": {"etagMatches": '"x"'}}, "should not be wrapped in quotes"),
        ({"onlyIf": {"uploadedAfter": "x"}}, "is not of type 'date'"),
        ({"range": {"offset": -1}}, "(-1) must be greater than or equal to 0."),
        ({"ssecKey": "xyz"}, "SSE-C Key has invalid format"),
        ({"ssecKey": "abcd"}, "SSE-C Key must be 32 bytes in length"),
    ],
)
async def test_wrong_options_are_refused(bucket: R2Bucket, options: Value, message: str) -> None:
    assert message in await refusal(bucket, "get", "a", options)


async def test_parts_have_numbers_from_1_to_10000(bucket: R2Bucket) -> None:
    upload = await call(bucket, "createMultipartUpload", "big")
    for number in (0, 10_001):
        assert "Part number must be between 1 and 10000" in await refusal(
            upload, "uploadPart", number, "x"
        )
    part = await call(upload, "uploadPart", 1, "x")
    resumed = bucket.resume_multipart_upload("big", member(upload, "uploadId"))
    assert member(await call(resumed, "complete", [part]), "size") == 1


async def test_an_upload_takes_a_value(bucket: R2Bucket) -> None:
    upload = await call(bucket, "createMultipartUpload", "big")
    assert "parameter 2 is not of type" in await refusal(upload, "uploadPart", 1, null)


async def test_keys_of_more_than_1024_bytes_are_refused(bucket: R2Bucket) -> None:
    assert await refusal(bucket, "put", "é" * 600, "x") == (
        "Error: put: The specified object name is not valid. (10020)"
    )


NOT_A_DATE = "TypeError: The value cannot be converted because it is not a valid Date."


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("put", ["k", 5, {"onlyIf": 5}], "parameter 2 is not of type"),
        ("put", ["k" * 1025, 5], "parameter 2 is not of type"),
        ("put", ["k", "", {"sha1": 5, "customMetadata": null}], "'customMetadata' field"),
        ("put", ["k", "", {"sha1": 5, "onlyIf": 5}], "'onlyIf' field on 'PutOptions'"),
        ("put", ["k", "", {"ssecKey": "ab", "storageClass": 5}], "must be 32 bytes in length"),
        ("put", ["k", "", {"onlyIf": {"uploadedAfter": Date(float("nan"))}}], NOT_A_DATE),
        ("get", ["k", {"range": 5, "onlyIf": {"etagMatches": 5}}], "'etagMatches' field"),
        ("list", [{"cursor": null, "include": "httpMetadata"}], "'cursor' field"),
        ("list", [{"prefix": null, "startAfter": 5}], "'prefix' field"),
        ("list", [{"include": ["nothing"]}], "RangeError: Unsupported include value nothing"),
        ("list", [{"limit": 0}], "MaxKeys params must be positive integer"),
    ],
)
async def test_the_first_wrong_option_is_refused(
    bucket: R2Bucket, name: str, arguments: list[Value], said: str
) -> None:
    assert said in await refusal(bucket, name, *arguments)


async def test_the_largest_limit_is_none(bucket: R2Bucket) -> None:
    await call(bucket, "put", "a", "")
    assert len((await call(bucket, "list", {"limit": -1}))["objects"]) == 1


async def test_any_text_is_a_cursor(bucket: R2Bucket) -> None:
    for key in ("a", "z"):
        await call(bucket, "put", key, "")
    found = await call(bucket, "list", {"cursor": "bad"})
    assert [member(each, "key") for each in found["objects"]] == ["z"]


async def test_a_date_that_cannot_be_read_is_long_past(bucket: R2Bucket) -> None:
    await call(bucket, "put", "a", "text")
    for header, holds in (("if-modified-since", True), ("if-unmodified-since", False)):
        found = await call(bucket, "get", "a", {"onlyIf": Headers([[header, "soon"]])})
        assert ("body" in found.members) == holds


async def test_what_has_no_body_tells_the_whole_range(bucket: R2Bucket) -> None:
    assert member(await call(bucket, "put", "a", "text"), "range") is None
    whole = {"offset": 0, "length": 4, "suffix": None}
    assert member(await call(bucket, "head", "a"), "range") == whole
    failed = {"onlyIf": {"etagMatches": "other"}, "range": {"length": 1}}
    assert member(await call(bucket, "get", "a", failed), "range") == whole


async def test_parts_are_checked_one_by_one(bucket: R2Bucket) -> None:
    upload = await call(bucket, "createMultipartUpload", "a")
    assert "array element 1" in await refusal(
        upload, "complete", [{"partNumber": 1, "etag": "x"}, 5]
    )
    assert "parameter 2 is not of type" in await refusal(upload, "uploadPart", 0, 5)


def test_what_the_disk_refuses_is_an_internal_error() -> None:
    text = r"put: We encountered an internal error. Please try again. \(10001\): .*No space left"
    with pytest.raises(JsError, match=text), refusals("put"):
        raise OSError(errno.ENOSPC, "No space left on device")
