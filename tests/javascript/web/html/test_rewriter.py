"""HTMLRewriter; what comes of each page was recorded from the runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.web.html.rewriter import HTMLRewriter
from flarelocal.javascript.web.response import Response
from tests.emulated import Emulated, write_project

AS_HTML = {"html": True}


async def rewrite(page: str, *changes: tuple[Any, ...]) -> str:
    """Call a method of what selectors select: selector, method, arguments."""
    rewriter = HTMLRewriter()
    for selector, name, *arguments in changes:

        def element(found: Any, name: str = name, arguments: Any = tuple(arguments)) -> None:
            found.members[name].function(found, *arguments)

        rewriter.on(selector, {"element": element})
    return (await rewriter.transform(Response(page)).read()).decode()


@pytest.mark.parametrize(
    ("page", "changes", "changed"),
    [
        (
            "<p class=a>x</p>",
            [("p", "setAttribute", "x", '1"2')],
            '<p class=a x="1&quot;2">x</p>',
        ),
        ("<p CLASS='a'  id=q>x</p>", [("p", "removeAttribute", "class")], "<p id=q>x</p>"),
        ("<A HREF='x'>y</A>", [("a[href]", "setAttribute", "HREF", "z")], '<A HREF="z">y</A>'),
        ("<p>a</p>", [("p", "before", "<i>")], "&lt;i&gt;<p>a</p>"),
        (
            "<p>a</p>",
            [("p", "after", "<hr>", AS_HTML), ("p", "after", "2")],
            "<p>a</p>2<hr>",
        ),
        ("<p>a</p>", [("p", "prepend", "1"), ("p", "prepend", "2")], "<p>21a</p>"),
        ("<p>a</p>", [("p", "append", "3"), ("p", "append", "4")], "<p>a34</p>"),
        ("<div><p>a</p>z</div>", [("p", "remove")], "<div>z</div>"),
        ("<p>a<i>b</i></p>z", [("p", "removeAndKeepContent")], "a<i>b</i>z"),
        (
            "<p>a<i>b</i></p>z",
            [("p", "replace", "<x>"), ("p", "before", "B"), ("p", "after", "A")],
            "B&lt;x&gt;Az",
        ),
        (
            "<p>a<i>b</i></p>z",
            [("p", "setInnerContent", "new"), ("p", "append", "E"), ("p", "prepend", "S")],
            "<p>SnewE</p>z",
        ),
        ("a<img src=x>c", [("img", "append", "E"), ("img", "after", "A")], "a<img src=x>Ac"),
        (
            "<ul><li a>1<li b>2</ul>z",
            [("li", "append", "E"), ("li", "after", "A")],
            "<ul><li a>1<li b>2E</ul>Az",
        ),
        ("<p>x<p>y", [("p", "append", "E"), ("p", "after", "A")], "<p>x<p>y"),
        ("<p>x", [("p", "setInnerContent", "new")], "<p>new"),
        ("<div><p>a</div>b</p>c", [("p", "remove")], "<div>b</p>c"),
        ("</p>x<b", [("p", "remove")], "</p>x<b"),
        (
            '<p title=a\'b x="1>2" y>z</p>',
            [("p", "setAttribute", "y", "q")],
            '<p title=a\'b x="1>2" y="q">z</p>',
        ),
        ("<br a=1/>", [("br", "setAttribute", "b", "2")], '<br a=1/ b="2">'),
        ("<br a=1 />", [("br", "setAttribute", "b", "2")], '<br a=1 b="2" />'),
        (
            "<script>if (a<b) '</p>'</script><p>x</p>",
            [("p", "setAttribute", "k", "v")],
            "<script>if (a<b) '</p>'</script><p k=\"v\">x</p>",
        ),
    ],
)
async def test_elements_are_changed(page: str, changes: list[Any], changed: str) -> None:
    assert await rewrite(page, *changes) == changed


PAGE = "<a><b class='x y'><c lang=en-us>1</c><c title='Foo Bar'>2</c></b></a>"


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ("*", "abcc"),
        ("a c", "cc"),
        ("b > c", "cc"),
        ("a > c", ""),
        ("c:nth-child(2)", "c"),
        ("c:nth-child(odd)", "c"),
        ("c:first-of-type, a", "ac"),
        (".x.y", "b"),
        ("[lang|=en]", "c"),
        ("[title~=Bar]", "c"),
        ("[title='foo bar' i]", "c"),
        ("[title^=Foo][title$='Bar']", "c"),
        ("c:not([lang])", "c"),
        ("b:not(.x)", ""),
    ],
)
async def test_selectors(selector: str, selected: str) -> None:
    seen: list[str] = []
    rewriter = HTMLRewriter()
    rewriter.on(selector, {"element": lambda element: seen.append(element.tag_name)})
    await rewriter.transform(Response(PAGE)).read()
    assert "".join(seen) == selected


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("", "The selector is empty."),
        ("p,", "The selector is empty."),
        ("p >", "Dangling combinator in selector."),
        ("p +a", "Unsupported combinator `+` in selector."),
        ("p:hover", "Unsupported pseudo-class or pseudo-element in selector."),
        ("a:nth-child(x)", "Unexpected token in selector."),
    ],
)
def test_selectors_that_are_refused(selector: str, message: str) -> None:
    with pytest.raises(JsError) as refused:
        HTMLRewriter().on(selector, {})
    assert str(refused.value) == f"TypeError: Parser error: {message}"


async def test_text_ends_with_an_empty_chunk() -> None:
    seen: list[tuple[str, bool]] = []
    rewriter = HTMLRewriter()
    rewriter.on("p", {"text": lambda text: seen.append((text.text, text.last_in_text_node))})
    changed = await rewriter.transform(Response("<p>a &amp; b<b>c</b></p>d")).read()
    assert changed == b"<p>a &amp; b<b>c</b></p>d"
    assert seen == [("a &amp; b", False), ("", True), ("c", False), ("", True)]


@pytest.mark.parametrize(
    ("page", "chunks"),
    [
        ("<script>if(a<b){}</script>", ["if(a", "<", "b){}", ""]),
        ("<script>a</b></script>", ["a", "</b", ">", ""]),
        ("<p>a< b</p>", ["a", "<", " b", ""]),
        ("<style>a<b</style>", ["a", "<", "b", ""]),
    ],
)
async def test_text_is_cut_where_a_tag_might_begin(page: str, chunks: list[str]) -> None:
    seen: list[str] = []
    rewriter = HTMLRewriter()
    rewriter.on_document({"text": lambda chunk: seen.append(chunk.text)})
    assert await rewriter.transform(Response(page)).read() == page.encode()
    assert seen == chunks


async def test_the_last_handlers_hear_of_the_end_first() -> None:
    heard: list[int] = []
    rewriter = HTMLRewriter()
    for number in (1, 2):
        rewriter.on_document({"end": lambda end, number=number: heard.append(number)})
    await rewriter.transform(Response("x")).read()
    assert heard == [2, 1]


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("p::before", "Unsupported pseudo-class or pseudo-element in selector"),
        ("p:first-child(2)", "Unsupported pseudo-class or pseudo-element in selector"),
        ("p:", "Unexpected end of selector"),
        ("p..", "Invalid or unescaped class name in selector"),
        ("#1", "The selector is empty"),
    ],
)
def test_mistakes_in_selectors_have_names(selector: str, message: str) -> None:
    with pytest.raises(JsError, match=f"Parser error: {message}"):
        HTMLRewriter().on(selector, {})


async def test_the_document_has_handlers_too() -> None:
    seen: list[Any] = []

    def changed(comment: Any) -> None:
        comment.text = f"{comment.text}!"

    rewriter = HTMLRewriter()
    rewriter.on_document(
        {
            "doctype": lambda type: seen.extend([type.name, type.public_id, type.system_id]),
            "comments": changed,
            "end": lambda end: end.append("<end>", AS_HTML) and None,
        }
    )
    page = '<!DOCTYPE html PUBLIC "a" "b"><!--c-->'
    rewritten = await rewriter.transform(Response(page)).read()
    assert rewritten.decode() == page.replace("c--", "c!--") + "<end>"
    assert seen == ["html", "a", "b"]


async def test_tokens_die_with_their_handlers() -> None:
    kept: list[Any] = []
    rewriter = HTMLRewriter()
    rewriter.on("p", {"element": kept.append})
    await rewriter.transform(Response("<p>x</p>")).read()
    with pytest.raises(JsError, match="This content token is no longer valid"):
        kept[0].remove()


def test_a_response_without_a_body_stays_as_it_is() -> None:
    empty = Response()
    assert HTMLRewriter().transform(empty) is empty


SOURCE = """
    from js import HTMLRewriter
    from pyodide.ffi import create_proxy

    class Marker:
        async def element(self, element):
            element.setAttribute("was", element.getAttribute("id"))
            element.prepend("<i>new</i>", html=True)
            element.onEndTag(create_proxy(self.end))

        def end(self, tag):
            tag.before(f"end of {tag.name}")

        def text(self, text):
            if "gone" in text.text:
                text.remove()

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            rewriter = HTMLRewriter.new().on("p", create_proxy(Marker()))
            page = Response("<p id=a>gone</p><p id=b>here</p>", headers={"x": "y"})
            return Response(rewriter.transform(page.js_object))
"""


async def test_handlers_may_be_python_objects_with_async_methods(tmp_path: Path) -> None:
    worker = Emulated(write_project(tmp_path, SOURCE))
    async with worker.emulator:
        assert await worker.get() == (
            '<p id=a was="a"><i>new</i>end of p</p><p id=b was="b"><i>new</i>hereend of p</p>'
        )
