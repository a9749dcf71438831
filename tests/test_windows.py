"""What can be told of Windows elsewhere: nothing that it lacks is needed to be imported."""

import subprocess
import sys

_IMPORTS = """
import importlib, sys, types

def import_product():
    for front_end in ("cli.dev", "server.development", "testing.fixtures", "testing.plugin"):
        importlib.import_module(f"flarelocal.{front_end}")

# Dependencies know Windows themselves, and are imported for this platform.
import_product()
for name in [name for name in sys.modules if name.partition(".")[0] == "flarelocal"]:
    del sys.modules[name]
sys.modules |= dict.fromkeys(("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"))
sys.modules["msvcrt"] = types.ModuleType("msvcrt")
sys.platform = "win32"
import_product()
"""


def test_the_product_can_be_imported_without_the_modules_of_unix() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _IMPORTS], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
