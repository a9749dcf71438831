"""What an HTTP client gets when the Worker raised: the same text that the terminal shows."""

from __future__ import annotations

import html

from flarelocal.emulator import StartError
from flarelocal.javascript.errors import JsError
from flarelocal.worker.traceback import format_error

__all__ = ["error_page"]

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
:root {{ color-scheme: light dark; --edge: #d63d2f; }}
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2.5rem auto; max-width: 60rem; padding: 0 1rem; }}
h1 {{ font-size: 1.15rem; border-left: 4px solid var(--edge); padding-left: .7rem; overflow-wrap: anywhere; }}
pre {{ font: 13px/1.55 ui-monospace, monospace; overflow-x: auto; padding: 1rem;
      background: color-mix(in srgb, currentColor 6%, transparent); border-radius: 6px; }}
p {{ opacity: .75; }}
</style></head><body><h1>{title}</h1><pre>{text}</pre>
<p>The Worker raised this while it handled the request. flarelocal goes on.</p></body></html>
"""


def error_page(error: BaseException, accept: str) -> tuple[str, bytes]:
    """The content type and body for an error; a page only for clients that ask for HTML."""
    trace = str(error) if isinstance(error, StartError) else format_error(error)
    if isinstance(error, StartError):
        text, title = trace, trace.partition("\n")[0]
    elif isinstance(error, JsError) and error.__cause__ is None:
        text, title = trace, str(error)
    else:
        text = f"Error: PythonError: {trace}"
        title = trace.rstrip().rpartition("\n")[2]
    if "text/html" in accept:
        page = _PAGE.format(title=html.escape(title), text=html.escape(trace))
        return "text/html;charset=utf-8", page.encode()
    return "text/plain;charset=utf-8", text.encode()
