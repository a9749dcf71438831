"""What the handlers of an HTMLRewriter get: elements, text, comments, the document."""

from __future__ import annotations

from html import escape

from flarelocal.javascript.errors import dom_exception, type_error
from flarelocal.javascript.host import Getter, HostObject, getter, method
from flarelocal.javascript.signature import NO_OPTIONS, Options, to_boolean
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.html.tokens import (
    Attribute,
    CommentToken,
    DoctypeToken,
    EndTagToken,
    TagToken,
)

__all__ = ["Comment", "Doctype", "DocumentEnd", "Element", "EndTag", "Piece", "Text"]

VOID = frozenset(
    {
        "area",
        "base",
        "basefont",
        "bgsound",
        "br",
        "col",
        "embed",
        "frame",
        "hr",
        "img",
        "input",
        "keygen",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    }
)


_FORBIDDEN = " \n\r\t\f/>="


class Token(HostObject):
    """Something that is valid while its handlers run."""

    __slots__ = ("valid",)

    def __init__(self) -> None:
        self.valid = True

    def require_valid(self) -> None:
        """Refuse what outlived its handlers.

        Raises:
            JsError: TypeError.
        """
        if not self.valid:
            raise type_error(
                "This content token is no longer valid. Content tokens are only valid during the"
                " execution of the relevant content handler."
            )

    def text_of(self, content: Value, options: Options) -> str:
        """The HTML of content that a program gives."""
        self.require_valid()
        if isinstance(content, HostObject):
            raise dom_exception(
                f"flarelocal inserts texts, no {content.js_name}; await its text() first.",
                "NotSupportedError",
            )
        text = to_string(content)
        return text if to_boolean(options.get("html")) else escape(text, quote=False)


class Piece(Token):
    """Something in a page that can get neighbours, be replaced or go.

    Attributes:
        ahead, behind: what stands around it, as HTML.
        instead: what it became; None while it is as it was.
    """

    __slots__ = ("ahead", "behind", "instead")

    def __init__(self) -> None:
        super().__init__()
        self.ahead = self.behind = ""
        self.instead: str | None = None

    @method
    def before(self, content: Value, options: Options = NO_OPTIONS) -> Value:
        self.ahead += self.text_of(content, options)
        return self

    @method
    def after(self, content: Value, options: Options = NO_OPTIONS) -> Value:
        self.behind = self.text_of(content, options) + self.behind
        return self

    @method
    def remove(self) -> Value:
        self.require_valid()
        self.instead = ""
        return self

    def html(self) -> str:
        """How it is written."""
        raise NotImplementedError

    def result(self) -> str:
        """It and what stands around it, as HTML."""
        own = self.html() if self.instead is None else self.instead
        return f"{self.ahead}{own}{self.behind}"


class _Replaceable(Piece):
    __slots__ = ()

    @method
    def replace(self, content: Value, options: Options = NO_OPTIONS) -> Value:
        self.instead = self.text_of(content, options)
        return self

    @getter
    def removed(self) -> bool:
        return self.instead is not None


class Element(_Replaceable):
    """An element at its start tag.

    Attributes:
        first, last: what is added to its content at the begin and the end, as HTML.
        content: what its content became; None while that is as it was.
        bare: its tags go, its content stays.
        at_end: what to call at its end tag.
    """

    __slots__ = (
        "_changed",
        "_token",
        "at_end",
        "attributes_",
        "bare",
        "content",
        "first",
        "last",
        "name",
    )

    def __init__(self, token: TagToken) -> None:
        super().__init__()
        self._token = token
        self._changed = False
        self.name = token.written
        self.attributes_ = {each.name: each for each in token.attributes}
        self.first = self.last = ""
        self.content: str | None = None
        self.bare = False
        self.at_end: list[Value] = []

    @property
    def is_void(self) -> bool:
        """Whether it can have no content."""
        return self._token.name in VOID

    @property
    def lower_name(self) -> str:
        """The name by which an end tag finds it."""
        return self._token.name

    @property
    def renamed(self) -> bool:
        """Whether its end tag has to change, too."""
        return self.name != self._token.written

    @property
    def ends(self) -> bool:
        """Whether there is something to do at its end tag."""
        gone = self.instead is not None or self.bare
        return bool(gone or self.last or self.behind or self.at_end or self.renamed)

    def html(self) -> str:
        if not self._changed:
            return self._token.raw
        parts = [self.name, *(each.raw for each in self.attributes_.values())]
        return f"<{' '.join(parts)}{' />' if self._token.self_closing else '>'}"

    def _get_tag_name(self) -> str:
        self.require_valid()
        return self.name.lower()

    def _set_tag_name(self, name: str) -> None:
        self.require_valid()
        if not name:
            raise type_error("Parser error: Tag name can't be empty.")
        if not name[0].isalpha() or not name.isascii():
            raise type_error(
                "Parser error: The first character of the tag name should be an ASCII alphabetical"
                " character."
            )
        self.name, self._changed = name, True

    tag_name = Getter(_get_tag_name, _set_tag_name)

    @getter
    def attributes(self) -> Value:
        self.require_valid()
        return [[each.name, each.value] for each in self.attributes_.values()]

    @getter(name="namespaceURI")
    def namespace_uri(self) -> str:
        self.require_valid()
        return "http://www.w3.org/1999/xhtml"

    @method
    def get_attribute(self, name: str) -> Value:
        self.require_valid()
        found = self.attributes_.get(name.lower())
        return null if found is None else found.value

    @method
    def has_attribute(self, name: str) -> bool:
        self.require_valid()
        return name.lower() in self.attributes_

    @method
    def set_attribute(self, name: str, value: str) -> Value:
        self.require_valid()
        if not name:
            raise type_error("Parser error: Attribute name can't be empty.")
        for forbidden in _FORBIDDEN:
            if forbidden in name:
                raise type_error(
                    f"Parser error: `{forbidden}` character is forbidden in the attribute name"
                )
        quoted = value.replace('"', "&quot;")
        self.attributes_[name.lower()] = Attribute(name.lower(), value, f'{name}="{quoted}"')
        self._changed = True
        return self

    @method
    def remove_attribute(self, name: str) -> Value:
        self.require_valid()
        if self.attributes_.pop(name.lower(), None) is not None:
            self._changed = True
        return self

    @method
    def prepend(self, content: Value, options: Options = NO_OPTIONS) -> Value:
        self.first = self.text_of(content, options) + self.first
        return self

    @method
    def append(self, content: Value, options: Options = NO_OPTIONS) -> Value:
        self.last += self.text_of(content, options)
        return self

    @method
    def set_inner_content(self, content: Value, options: Options = NO_OPTIONS) -> Value:
        self.content = self.text_of(content, options)
        self.first = self.last = ""
        return self

    @method
    def remove_and_keep_content(self) -> Value:
        self.require_valid()
        self.bare = True
        return self

    @method
    def on_end_tag(self, handler: Value) -> None:
        self.require_valid()
        if self.is_void:
            raise type_error("Parser error: No end tag.")
        self.at_end.append(handler)


class EndTag(Piece):
    """The end tag of an element."""

    __slots__ = ("_name", "_raw")

    def __init__(self, token: EndTagToken, name: str | None) -> None:
        super().__init__()
        self._name = name or token.written
        self._raw = token.raw if name is None else f"</{name}>"

    def html(self) -> str:
        return self._raw

    def _get_name(self) -> str:
        self.require_valid()
        return self._name.lower()

    def _set_name(self, name: str) -> None:
        self.require_valid()
        self._name, self._raw = name, f"</{name}>"

    name = Getter(_get_name, _set_name)


class Text(_Replaceable):
    """A chunk of a text; the last one of each is empty."""

    __slots__ = ("_last", "_text")

    def __init__(self, text: str, *, last: bool) -> None:
        super().__init__()
        self._text = text
        self._last = last

    def html(self) -> str:
        return self._text

    @getter
    def text(self) -> str:
        self.require_valid()
        return self._text

    @getter
    def last_in_text_node(self) -> bool:
        self.require_valid()
        return self._last


class Comment(_Replaceable):
    """A comment."""

    __slots__ = ("_raw", "_text")

    def __init__(self, token: CommentToken) -> None:
        super().__init__()
        self._text = token.text
        self._raw = token.raw

    def html(self) -> str:
        return self._raw

    def _get_text(self) -> str:
        self.require_valid()
        return self._text

    def _set_text(self, text: str) -> None:
        self.require_valid()
        if "-->" in text:
            raise type_error(
                "Parser error: Comment text shouldn't contain comment closing sequence (`-->`)."
            )
        self._text, self._raw = text, f"<!--{text}-->"

    text = Getter(_get_text, _set_text)


class Doctype(Token):
    """The type of the document."""

    __slots__ = ("_token",)

    def __init__(self, token: DoctypeToken) -> None:
        super().__init__()
        self._token = token

    @getter
    def name(self) -> Value:
        return self._token.name or null

    @getter
    def public_id(self) -> Value:
        return null if self._token.public_id is None else self._token.public_id

    @getter
    def system_id(self) -> Value:
        return null if self._token.system_id is None else self._token.system_id


class DocumentEnd(Token):
    """The end of the document; `added` is what comes behind it, as HTML."""

    __slots__ = ("added",)

    def __init__(self) -> None:
        super().__init__()
        self.added = ""

    @method
    def append(self, content: Value, options: Options = NO_OPTIONS) -> Value:
        self.added += self.text_of(content, options)
        return self
