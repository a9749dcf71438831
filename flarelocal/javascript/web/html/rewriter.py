"""HTMLRewriter (Cloudflare's docs, "HTMLRewriter"; workerd, api/html-rewriter.c++)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextvars import Context, copy_context
from typing import Any

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.promise import settle
from flarelocal.javascript.signature import properties_of
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.html.content import (
    Comment,
    Doctype,
    DocumentEnd,
    Element,
    EndTag,
    Piece,
    Text,
    Token,
)
from flarelocal.javascript.web.html.selector import Selector, Subject
from flarelocal.javascript.web.html.tokens import (
    CommentToken,
    DoctypeToken,
    EndTagToken,
    TagToken,
    TextToken,
    tokens_of,
)
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.response import Response

_CHUNKS = re.compile("<!--.*?--|</[A-Za-z]+|</?|[^<]+", re.DOTALL)
"""The parser looks at what begins with `<` on its own, even where it is text."""

__all__ = ["HTMLRewriter"]


class _Registered:
    """Handlers and what they are for; no selector: the document."""

    def __init__(self, handlers: Value, selector: Selector | None) -> None:
        self._handlers = handlers
        self.selector = selector

    def find(self, name: str) -> Callable[..., Value] | None:
        """The handler of that name, if there is one."""
        if isinstance(self._handlers, Foreign):
            found = self._handlers.property(name)
        else:
            found = (properties_of(self._handlers) or {}).get(name)
        return found if callable(found) else None


class HTMLRewriter(HostObject, constructible=True):
    """Changes pages by handlers of what selectors select.

    A page is changed when all of it has arrived; lol-html, which the runtime has, does it on the
    way. Handlers may be async.
    """

    __slots__ = ("_registered",)

    def __init__(self) -> None:
        self._registered: list[_Registered] = []

    @method
    def on(self, selector: str, handlers: Value = None) -> Value:
        """Have handlers `element`, `comments` and `text` called for what is selected."""
        self._registered.append(
            _Registered(_required(handlers, "on", 2, "Element"), Selector(selector))
        )
        return self

    @method
    def on_document(self, handlers: Value = None) -> Value:
        """Have handlers `doctype`, `comments`, `text` and `end` called."""
        self._registered.append(_Registered(_required(handlers, "onDocument", 1, "Document"), None))
        return self

    @method
    def transform(self, response: Response) -> Response:
        """A response with the changed page; the other one is used up."""
        if response.type == "error":
            raise type_error("HTMLRewriter cannot transform an error response")
        if response.body is null:
            return response
        chunks = response.body_chunks()
        return Response(
            ReadableStream.of_bytes(_rewritten(self._registered, chunks, copy_context())), response
        )


def _required(handlers: Value, name: str, number: int, kind: str) -> Value:
    if handlers is None or handlers is null or isinstance(handlers, str | int | float | bool):
        raise type_error(
            f"Failed to execute '{name}' on 'HTMLRewriter': parameter {number} is not of type"
            f" '{kind}ContentHandlers'."
        )
    return handlers


async def _rewritten(
    registered: Iterable[_Registered], chunks: AsyncIterator[bytes], context: Context
) -> AsyncIterator[bytes]:
    page = b"".join([chunk async for chunk in chunks]).decode("utf-8", "surrogateescape")
    yield (await _Page(list(registered), context).rewrite(page)).encode("utf-8", "surrogateescape")


class _Open:
    """An element that is open, or the document."""

    def __init__(self, subject: Subject | None, element: Element | None) -> None:
        self.subject = subject
        self.element = element
        self.selected: set[_Registered] = set()
        self.children = 0
        self.of_type: Counter[str] = Counter()
        self.hides = False


class _Page:
    """A page that is being changed."""

    def __init__(self, registered: list[_Registered], context: Context) -> None:
        self._registered = registered
        self._context = context
        self._open = [_Open(None, None)]
        self._hidden = 0
        self._out: list[str] = []

    async def rewrite(self, page: str) -> str:
        """The changed page."""
        for token in tokens_of(page):
            match token:
                case TagToken():
                    await self._start(token)
                case EndTagToken():
                    await self._end(token)
                case TextToken():
                    await self._text(token)
                case CommentToken():
                    await self._piece(Comment(token), "comments")
                case DoctypeToken():
                    doctype = Doctype(token)
                    await self._call_all(doctype, "doctype", self._of_document())
                    self._put(token.raw)
        end = DocumentEnd()
        await self._call_all(end, "end", self._of_document()[::-1])
        return "".join(self._out) + end.added

    # -- tokens

    async def _start(self, token: TagToken) -> None:
        parent = self._open[-1]
        parent.children += 1
        parent.of_type[token.name] += 1
        attributes = {each.name: each.value for each in token.attributes}
        subject = Subject(token.name, attributes, parent.children, parent.of_type[token.name])
        path = [each.subject for each in self._open if each.subject] + [subject]
        element = Element(token)
        opened = _Open(subject, element)
        opened.selected = {
            each for each in self._registered if each.selector and each.selector.matches(path)
        }
        await self._call_all(
            element, "element", [each for each in self._registered if each in opened.selected]
        )
        self._put(element.ahead)
        if element.instead is not None:
            self._put(element.instead)
        else:
            self._put("" if element.bare else element.html())
        if element.is_void:
            self._put(element.behind)
            return
        if element.instead is None:
            self._put(element.first)
            self._put(element.content or "")
        self._open.append(opened)
        if element.instead is not None or element.content is not None:
            opened.hides = True
            self._hidden += 1

    async def _end(self, token: EndTagToken) -> None:
        if all(
            each.element is None or each.element.lower_name != token.name for each in self._open
        ):
            self._put(token.raw)
            return
        outermost: Element | None = None
        while True:
            opened = self._open.pop()
            self._hidden -= opened.hides
            assert opened.element is not None
            if opened.element.ends:
                outermost = opened.element
            if opened.element.lower_name == token.name:
                break
        if outermost is None:
            self._put(token.raw)
        else:
            await self._end_of(outermost, token)

    async def _end_of(self, element: Element, token: EndTagToken) -> None:
        """Write what an element leaves for its end tag, or that of one around it."""
        tag = EndTag(token, element.name if element.renamed else None)
        for handler in element.at_end:
            await self._call(handler, tag)
        tag.valid = False
        if element.instead is not None or element.bare:
            tag.instead = ""
        self._put("" if element.instead is not None else element.last)
        self._put(tag.result() + element.behind)

    async def _text(self, token: TextToken) -> None:
        if not any(each.find("text") for each in self._active()):
            self._put(token.raw)
            return
        for chunk in _CHUNKS.findall(token.raw):
            await self._piece(Text(chunk, last=False), "text")
        await self._piece(Text("", last=True), "text")

    async def _piece(self, piece: Piece, kind: str) -> None:
        await self._call_all(piece, kind, self._active())
        self._put(piece.result())

    # -- output

    def _put(self, html: str) -> None:
        if not self._hidden:
            self._out.append(html)

    # -- handlers

    def _of_document(self) -> list[_Registered]:
        return [each for each in self._registered if each.selector is None]

    def _active(self) -> list[_Registered]:
        return [
            each
            for each in self._registered
            if each.selector is None or any(each in opened.selected for opened in self._open)
        ]

    async def _call_all(self, token: Token, kind: str, registered: list[_Registered]) -> None:
        for each in registered:
            handler = each.find(kind)
            if handler is not None:
                await self._call(handler, token)
        token.valid = False

    async def _call(self, handler: Callable[..., Any], token: Token) -> None:
        await settle(self._context.copy().run(handler, token))
