"""What D1 acknowledged is there after the process was killed."""

import subprocess
import sys
from pathlib import Path

from flarelocal.clock import VirtualClock
from flarelocal.storage.d1 import D1Store, Query

WRITER = """
import sys
from pathlib import Path
from flarelocal.clock import SystemClock
from flarelocal.storage.d1 import D1Store, Query

store = D1Store(Path(sys.argv[1]), "main", SystemClock())
store.run([Query("CREATE TABLE pair (number INTEGER, half INTEGER)")])
number = 0
while True:
    insert = "INSERT INTO pair VALUES (?, ?)"
    store.run([Query(insert, [float(number), 1.0]), Query(insert, [float(number), 2.0])])
    print(number, flush=True)
    number += 1
"""


def test_no_acknowledged_batch_is_lost_and_none_is_there_by_half(tmp_path: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    acknowledged = [writer.stdout.readline() for _ in range(50)]
    writer.kill()
    acknowledged += writer.stdout.readlines()
    writer.stdout.close()
    writer.wait()
    store = D1Store(tmp_path, "main", VirtualClock())
    [result] = store.run(
        [Query("SELECT number, count(*), sum(half) FROM pair GROUP BY number ORDER BY number")]
    )
    store.close()
    last = int([line for line in acknowledged if line.endswith("\n")][-1])
    assert len(result.rows) > last
    assert [tuple(row) for row in result.rows] == [(n, 2, 3) for n in range(len(result.rows))]
