"""The smaller bindings, as a Worker uses them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from flarelocal.mail.events import EmailSent
from tests.emulated import Emulated, write_project

Running = Callable[..., AbstractAsyncContextManager[Emulated]]


@pytest.fixture
def running(tmp_path: Path) -> Running:
    """Runs a Worker whose `fetch` answers with `str()` of what the body returns."""

    @asynccontextmanager
    async def run(body: str, **config: Any) -> AsyncIterator[Emulated]:
        lines = "\n".join(f"                    {line}" for line in body.strip().split("\n"))
        source = f"""
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                env = self.env
                try:
                    pass
{lines}
                except Exception as error:
                    return Response(str(error))
        """
        worker = Emulated(write_project(tmp_path, source, **config))
        async with worker.emulator:
            yield worker

    return run


async def test_a_rate_limit_counts_within_its_period(running: Running) -> None:
    simple = {"limit": 2, "period": 10}
    limits = [{"name": name, "namespace_id": "1", "simple": simple} for name in ("LIMIT", "SAME")]
    body = """
outcomes = [await env.LIMIT.limit({"key": "a"}), await env.SAME.limit({"key": "a"})]
outcomes += [await env.LIMIT.limit({"key": "a"}), await env.LIMIT.limit({"key": "b"})]
return Response(str([outcome.success for outcome in outcomes]))
"""
    async with running(body, ratelimits=limits) as worker:
        assert await worker.get() == "[True, True, False, True]"
        assert await worker.get() == "[False, False, False, True]"
        await worker.clock.advance(10_000)
        assert await worker.get() == "[True, True, False, True]"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"key": "a", "other": 1}, "bad rate limit options: [other]"),
        ({"key": 5}, "invalid key: 5"),
        ({"limit": "2"}, "limit must be a number: 2"),
        ({"period": 30}, "unsupported period: 30"),
    ],
)
async def test_a_rate_limit_checks_its_options(
    running: Running, options: object, message: str
) -> None:
    limit = {"name": "LIMIT", "namespace_id": "1", "simple": {"limit": 2, "period": 10}}
    body = f"return Response(str(await env.LIMIT.limit({options!r})))"
    async with running(body, ratelimits=[limit]) as worker:
        assert message in await worker.get()


async def test_data_points_can_be_asked_for_in_sql(running: Running) -> None:
    body = """
env.EVENTS.writeDataPoint({"indexes": ["tenant"], "blobs": ["a", None], "doubles": [2.5]})
env.EVENTS.writeDataPoint()
return Response("written")
"""
    datasets = [{"binding": "EVENTS", "dataset": "job-events"}]
    async with running(body, analytics_engine_datasets=datasets) as worker:
        await worker.get()
        store = worker.emulator.engines.analytics
        assert store is not None
        found = await store.query(
            'SELECT index1, blob1, blob2, double1, double20 FROM "job-events" ORDER BY double1'
        )
        assert found.rows == [("", "", "", 0.0, 0.0), ("tenant", "a", "", 2.5, 0.0)]


async def test_data_points_have_limits(running: Running) -> None:
    body = """
env.EVENTS.writeDataPoint({"doubles": [1.0] * 21})
"""
    datasets = [{"binding": "EVENTS", "dataset": "events"}]
    async with running(body, analytics_engine_datasets=datasets) as worker:
        assert "writeDataPoint(): Maximum of 20 doubles supported." in await worker.get()


async def test_a_version_has_an_id_and_a_time(running: Running) -> None:
    body = "return Response(f'{len(env.VERSION.id)} {env.VERSION.tag!r} {env.VERSION.timestamp}')"
    async with running(body, version_metadata={"binding": "VERSION"}) as worker:
        assert (await worker.get()).startswith("36 '' ")


async def test_a_stored_secret_is_a_variable_here(running: Running) -> None:
    secrets = [
        {"binding": "SECRET", "store_id": "1", "secret_name": "KEY"},
        {"binding": "MISSING", "store_id": "1", "secret_name": "NONE"},
    ]
    body = """
found = await env.SECRET.get()
try:
    await env.MISSING.get()
except Exception as error:
    return Response(f"{found} {error}")
"""
    async with running(body, secrets_store_secrets=secrets, vars={"KEY": "value"}) as worker:
        assert "value" in (answer := await worker.get())
        assert 'Secret "NONE" not found' in answer


async def test_hyperdrive_passes_the_local_connection_string_on(running: Running) -> None:
    string = "postgres://me:s%40fe@db.example:6000/jobs"
    body = """
db = env.DB
return Response(f"{db.host} {db.port} {db.user} {db.password} {db.database} {db.connectionString}")
"""
    entry = {"binding": "DB", "id": "1", "localConnectionString": string}
    async with running(body, hyperdrive=[entry]) as worker:
        assert await worker.get() == f"db.example 6000 me s@fe jobs {string}"


async def test_mail_is_kept_in_the_journal(running: Running) -> None:
    body = """
mail = {"from": "Jobs <jobs@example.com>", "to": ["a@example.com"], "subject": "Done", "text": "x"}
sent = await env.MAIL.send(mail)
try:
    await env.MAIL.send({**mail, "to": "b@example.com"})
except Exception as error:
    return Response(f"{sent.messageId} {error}")
"""
    entry = {"name": "MAIL", "allowed_destination_addresses": ["a@example.com"]}
    async with running(body, send_email=[entry]) as worker:
        answer = await worker.get()
        assert "@example.com>" in answer
        assert "email to b@example.com not allowed" in answer
        [mail] = worker.events(EmailSent)
        assert (mail.sender, list(mail.recipients)) == ("jobs@example.com", ["a@example.com"])
        assert (mail.subject, mail.text) == ("Done", "x")


async def test_a_certificate_says_that_only_cloudflare_has_it(running: Running) -> None:
    body = "return Response(str(await env.CERT.fetch('https://example.com')))"
    certificates = [{"binding": "CERT", "certificate_id": "1"}]
    async with running(body, mtls_certificates=certificates) as worker:
        assert "only Cloudflare has" in await worker.get()


@pytest.mark.parametrize(
    ("config", "use", "kind"),
    [
        ({"ai": {"binding": "B"}}, "await env.B.run('m', {})", "AI"),
        ({"images": {"binding": "B"}}, "env.B.input(None)", "Images"),
        ({"browser": {"binding": "B"}}, "await env.B.fetch('https://a')", "Browser Run"),
        (
            {"vectorize": [{"binding": "B", "index_name": "i"}]},
            "await env.B.query([1])",
            "Vectorize Index",
        ),
    ],
)
async def test_a_service_that_only_cloudflare_has_is_named(
    running: Running, config: dict[str, Any], use: str, kind: str
) -> None:
    async with running(use, **config) as worker:
        assert f"env.B is bound to {kind}, a service of Cloudflare's" in await worker.get()


async def test_a_stand_in_takes_the_place_of_a_binding(running: Running, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.flarelocal.bindings]\nAI = "stand_ins.py:FakeAi"\n'
    )
    (tmp_path / "stand_ins.py").write_text(
        "class FakeAi:\n    async def run(self, model, given):\n        return f'{model} is told'\n"
    )
    body = "return Response(await env.AI.run('llama', {'prompt': 'hi'}))"
    async with running(body, ai={"binding": "AI"}) as worker:
        assert await worker.get() == "llama is told"
