"""JavaScript objects that are imported as modules, and `pyodide_js`."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest

from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.finder import ModuleFinder
from flarelocal.pyodide.js_modules import JsModules
from flarelocal.pyodide.modules import pyodide_modules
from flarelocal.pyodide.profile import PROFILES
from flarelocal.pyodide.proxy import JsProxy
from flarelocal.pyodide.realm import Realm


@pytest.fixture
def ffi() -> Iterator[Any]:
    rules, registered = PROFILES["314"], JsModules()
    served = {"js": to_python(GlobalScope()), **pyodide_modules(rules, registered)}
    realm = Realm(rules, ModuleFinder(served), [registered])
    realm.open()
    yield served["pyodide.ffi"]
    realm.close()


def plain(**properties: Any) -> Any:
    return to_python(properties)


def test_an_object_is_registered(ffi: Any) -> None:
    ffi.register_js_module("shop", plain(price=5, tax={"rate": 7}))
    shop = importlib.import_module("shop")
    assert isinstance(shop, JsProxy)
    assert (shop.price, shop.__name__, shop.object_keys().to_py()) == (5, "shop", ["price", "tax"])
    assert importlib.import_module("shop.tax").rate == 7
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'shop\.price'"):
        importlib.import_module("shop.price")


def test_it_is_imported_until_it_is_unregistered(ffi: Any) -> None:
    ffi.register_js_module("shop", plain(price=5))
    ffi.unregister_js_module("shop")
    with pytest.raises(ModuleNotFoundError, match="No module named 'shop'"):
        importlib.import_module("shop")
    with pytest.raises(ValueError, match="no Javascript module with that name is registered"):
        ffi.unregister_js_module("shop")


@pytest.mark.parametrize(
    ("name", "module", "message"),
    [
        (5, plain(), "Argument 'name' must be a str, not 'int'"),
        ("shop", 5, "Argument 'jsproxy' must be a JsProxy, not 'int'"),
    ],
)
def test_it_is_an_object_with_a_name(ffi: Any, name: Any, module: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        ffi.register_js_module(name, module)


def test_what_is_in_js_is_a_module(ffi: Any) -> None:
    assert importlib.import_module("js.Math").PI > 3.14


def test_the_interface_of_javascript(ffi: Any) -> None:
    pyodide_js = importlib.import_module("pyodide_js")
    assert pyodide_js.version == PROFILES["314"].version
    pyodide_js.registerJsModule("shop", plain(price=5))
    assert importlib.import_module("shop").price == 5
    pyodide_js.unregisterJsModule("shop")
    assert pyodide_js.pyimport("json").dumps([1]) == "[1]"
    with pytest.raises(JsException, match=r"flarelocal does not emulate pyodide_js\.FS"):
        _ = pyodide_js.FS
    assert not hasattr(pyodide_js, "nothing")
