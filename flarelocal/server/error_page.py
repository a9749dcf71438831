"""What an HTTP client gets when the Worker raised: the same text that the terminal shows."""

from __future__ import annotations

import html

from flarelocal.emulator import StartError
from flarelocal.javascript.errors import JsError
from flarelocal.pyodide.traceback import format_error

__all__ = ["error_page"]

_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; }
main { margin: 3rem auto; max-width: 60rem; padding: 0 1rem; }
h1 { border-left: 4px solid #d63d2f; font-size: 1.2rem; padding-left: .8rem; }
h1 { overflow-wrap: anywhere; }
pre { background: color-mix(in srgb, currentColor 6%, transparent); border-radius: 6px; }
pre { font: 13px/1.55 ui-monospace, monospace; overflow-x: auto; padding: 1rem; }
p { opacity: .7; }
"""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<pre>{text}</pre>
<p>{remark}</p>
</main>
</body>
</html>
"""
_RAISED = "The Worker raised this while it handled the request. flarelocal goes on."
_BROKEN = "The Worker cannot be loaded like this. It is tried again when a file changes."


def error_page(error: BaseException, accept: str) -> tuple[str, bytes]:
    """The content type and body for an error; a page only for clients that ask for HTML."""
    if isinstance(error, StartError):
        title, _, trace = str(error).partition("\n")
        text, remark = str(error), _BROKEN
    elif isinstance(error, JsError) and error.__cause__ is None:
        title = trace = text = str(error)
        remark = _RAISED
    else:
        trace = format_error(error)
        title = f"{type(error).__name__}: {error}"
        text, remark = f"Error: PythonError: {trace}", _RAISED
    if "text/html" not in accept:
        return "text/plain;charset=utf-8", text.encode()
    page = _PAGE.format(
        style=_STYLE, title=html.escape(title), text=html.escape(trace.strip()), remark=remark
    )
    return "text/html;charset=utf-8", page.encode()
