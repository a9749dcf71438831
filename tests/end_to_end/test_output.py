"""What the Worker prints and logs."""

from tests.end_to_end.conftest import Serve
from tests.end_to_end.project import Project

_WORKER = """
    import logging
    import sys

    from js import console
    from workers import Response, WorkerEntrypoint

    logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            print("printed")
            print("printed as an error", file=sys.stderr)
            logging.info("logged")
            logging.debug("not logged")
            console.log("said to the console", 1)
            return Response("done")
"""


def test_it_appears_at_once_and_as_the_worker_wants_it(project: Project, serve: Serve) -> None:
    project.write(_WORKER)
    server = serve("--log-level", "none")

    server.client.get("/")

    assert server.log.splitlines() == [
        "printed",
        "printed as an error",
        "INFO: logged",
        "said to the console 1",
    ]
