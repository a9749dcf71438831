"""Mail that is posted to the server."""

from tests.end_to_end.conftest import Serve
from tests.end_to_end.project import Project

_WORKER = """
    from workers import WorkerEntrypoint


    class Default(WorkerEntrypoint):
        async def email(self, message, env, ctx):
            await message.forward("boss@example.com")
            await self.env.MAIL.send({"from": message.to, "to": "a@b", "subject": "Thanks"})
"""
_MAIL = b"From: ann@example.com\r\nMessage-ID: <1@a>\r\nSubject: hi\r\n\r\nhello"
_QUERY = "from=ann@example.com&to=desk@example.com"


def test_a_mail_that_is_posted_reaches_the_handler(project: Project, serve: Serve) -> None:
    project.configure(send_email=[{"name": "MAIL"}])
    project.write(_WORKER)
    server = serve()

    answer = server.client.post(f"/cdn-cgi/handler/email?{_QUERY}", content=_MAIL)

    assert (answer.status_code, answer.text) == (200, "Worker successfully processed email")
    server.wait_for("MAIL desk@example.com to a@b: Thanks kept")
    server.wait_for("EMAIL ann@example.com to desk@example.com forwarded to boss@example.com")
