from __future__ import annotations

import subprocess
import sys


def test_the_library_is_loaded_for_the_first_key_that_needs_it() -> None:
    program = """
import sys
from tests.javascript.web.crypto.subtle import SUBTLE
SUBTLE.generate_key({"name": "HMAC", "hash": "SHA-256"}, True, ["sign"])
print("cryptography" in sys.modules)
SUBTLE.generate_key({"name": "AES-GCM", "length": 128}, True, ["encrypt"])
print("cryptography" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.split() == ["False", "True"], run.stderr
