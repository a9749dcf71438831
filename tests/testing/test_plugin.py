"""The plugin in projects of users."""

from __future__ import annotations

import shutil
from pathlib import Path
from textwrap import dedent

import pytest

from tests.testing.conftest import WORKER

OPTIONS = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")

INI = """
[tool.pytest.ini_options]
asyncio_mode = "{mode}"
asyncio_default_fixture_loop_scope = "function"
filterwarnings = ["error"]
{more}
"""

TESTS = """
    from workers import env

    import entry
    import pytest

    async def test_with_flare(flare):
        await flare.env.KV.put("key", "value")
        assert (await flare.fetch("/")).status == 200

    @pytest.mark.asyncio
    async def test_with_env_alone():
        assert await env.KV.get("key") is None

    def test_blocking(flare_sync):
        response = flare_sync.fetch("/echo", body="x")
        assert (response.status, response.text()) == (200, "x")
        flare_sync.env.KV.put("key", "value")
        assert flare_sync.env.KV.get("key") == "value"
        ann = flare_sync.durable_objects["COUNTER"].get_by_name("ann")
        assert ann.stub.add(2) == 2
        assert ann.storage.get("total") == 2
        flare_sync.env.JOBS.send("job")
        assert [each.body for each in flare_sync.queues["jobs"].messages] == ["job"]
        flare_sync.clock.advance(minutes=5)
        assert flare_sync.env.KV.get("ran")
        assert flare_sync.env.KV.get("seen") == "job;"

    @pytest.mark.flare(now="2027-05-01", persist=True)
    async def test_marked(flare, tmp_path):
        assert flare.clock.now.year == 2027
        assert (tmp_path / "state").is_dir()

    def test_without():
        assert entry.Default
"""


def write(pytester: pytest.Pytester, *, mode: str = "auto", more: str = "") -> None:
    shutil.copytree(WORKER / "src", pytester.path / "src")
    shutil.copy(WORKER / "wrangler.jsonc", pytester.path)
    pytester.makepyprojecttoml(INI.format(mode=mode, more=more))


@pytest.mark.parametrize("mode", ["auto", "strict"])
def test_a_wrangler_file_beside_pyproject_is_enough(pytester: pytest.Pytester, mode: str) -> None:
    write(pytester, mode=mode)
    pytester.makepyfile(TESTS)
    pytester.makeconftest("import workers")
    pytester.runpytest_inprocess(*OPTIONS).assert_outcomes(passed=5)


def test_it_works_in_the_processes_of_xdist(pytester: pytest.Pytester) -> None:
    write(pytester)
    pytester.makepyfile(TESTS)
    pytester.runpytest_subprocess(*OPTIONS, "-n", "1").assert_outcomes(passed=5)


@pytest.mark.parametrize("way", ["option", "ini"])
def test_the_file_may_lie_elsewhere(pytester: pytest.Pytester, way: str) -> None:
    more = 'flarelocal_config = "app/wrangler.jsonc"' if way == "ini" else ""
    pytester.makepyprojecttoml(INI.format(mode="auto", more=more))
    shutil.copytree(WORKER, pytester.path / "app")
    pytester.makepyfile("async def test_it(flare): assert (await flare.fetch('/')).status == 200")
    options = () if more else ("--flarelocal-config", str(Path("app", "wrangler.jsonc")))
    pytester.runpytest_inprocess(*OPTIONS, *options).assert_outcomes(passed=1)


@pytest.mark.parametrize("wrangler", [None, '{"name": "w", "main": "src/index.ts"}'])
def test_other_projects_are_left_alone(pytester: pytest.Pytester, wrangler: str | None) -> None:
    pytester.makepyprojecttoml(INI.format(mode="auto", more=""))
    if wrangler:
        (pytester.path / "wrangler.jsonc").write_text(wrangler)
    pytester.makepyfile("import sys\ndef test_it(): assert 'js' not in sys.modules")
    result = pytester.runpytest_inprocess(*OPTIONS, "--fixtures")
    result.stdout.no_fnmatch_line("flare*")
    pytester.runpytest_inprocess(*OPTIONS).assert_outcomes(passed=1)


def test_a_wrong_config_is_told_at_once(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_inprocess(*OPTIONS, "--flarelocal-config", "nope.jsonc")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: flarelocal: *nope.jsonc*"])


def test_a_background_failure_fails_the_test_and_the_seed_is_told(
    pytester: pytest.Pytester,
) -> None:
    write(pytester)
    pytester.makepyfile(
        """
        async def test_it(flare):
            await flare.env.JOBS.send("bad")
            await flare.clock.advance(2)
        """
    )
    result = pytester.runpytest_inprocess(*OPTIONS, "--flarelocal-seed", "5")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["queue jobs failed:", "*entry.py*in queue", "*a bad message", "*--flarelocal-seed=5*"]
    )


@pytest.mark.parametrize("options", [(), ("-s",), ("--capture=sys",)])
def test_logs_are_recorded_once_however_pytest_captures_them(
    pytester: pytest.Pytester, options: tuple[str, ...]
) -> None:
    write(pytester)
    pytester.makepyfile(
        """
        import pytest

        async def test_it(flare, capsys):
            await flare.fetch("/")
            assert flare.journal.logs == ["at home"]
            assert capsys.readouterr().out == "at home\\n"

        @pytest.fixture
        def visited(flare_sync):
            flare_sync.fetch("/")
            return flare_sync

        @pytest.mark.parametrize("times", [1, 2])
        def test_a_fixture(visited, times):
            visited.fetch("/")
            assert visited.journal.logs == ["at home"] * 2
        """
    )
    pytester.runpytest_inprocess(*OPTIONS, *options).assert_outcomes(passed=3)


def test_another_event_loop_is_refused_with_the_way_out(pytester: pytest.Pytester) -> None:
    write(pytester)
    pytester.makeconftest(
        """
        import asyncio

        def pytest_asyncio_loop_factories():
            return {"other": asyncio.SelectorEventLoop}
        """
    )
    pytester.makepyfile(
        """
        import asyncio
        import pytest

        async def test_on_the_loop_of_flare(flare):
            assert (await flare.fetch("/")).status == 200

        @pytest.mark.asyncio
        async def test_on_that_of_pytest_asyncio(flare): ...
        """
    )
    result = pytester.runpytest_inprocess(*OPTIONS)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["flare runs on the event loop flarelocal.testing.TestLoop*"])


SHAPES = """
    import asyncio
    from contextvars import ContextVar

    import pytest

    variable = ContextVar("variable")

    @pytest.fixture
    def fact():
        token = variable.set("known")
        yield "a fact"
        variable.reset(token)

    async def test_a_function(flare, fact):
        assert (fact, variable.get()) == ("a fact", "known")
        left_behind = asyncio.ensure_future(asyncio.Event().wait())
        assert (await flare.fetch("/")).status == 200

    @pytest.mark.parametrize("times", [1, 2])
    async def test_with_parameters(times, flare):
        for _ in range(times):
            await flare.env.KV.put("key", "value")

    class TestsOfAClass:
        count = 0

        async def test_a_method(self, flare):
            self.count += 1
            assert await flare.env.KV.get("key") is None

        async def test_another_method(self, flare):
            assert self.count == 0

    class TestsThatInherit(TestsOfAClass):
        pass

    async def test_that_fails(flare):
        assert await flare.env.KV.get("key") == "value"
"""


@pytest.mark.parametrize("options", [(), ("-p", "no:asyncio")])
def test_coroutines_that_take_flare_are_ordinary_tests(
    pytester: pytest.Pytester, options: tuple[str, ...]
) -> None:
    write(pytester, mode="auto")
    if options:
        pytester.makepyprojecttoml("[tool.pytest.ini_options]\nfilterwarnings = ['error']")
    pytester.makepyfile(SHAPES)
    result = pytester.runpytest_inprocess(*OPTIONS, *options)
    result.assert_outcomes(passed=7, failed=1)
    result.stdout.fnmatch_lines(["*assert await flare.env.KV.get*", "E *assert None == 'value'"])
    result.stdout.no_fnmatch_line("*asyncio*in run_until_complete*")


FIXTURES = """
    import asyncio

    import pytest
    import pytest_asyncio

    @pytest_asyncio.fixture
    async def seeded(flare):
        await flare.env.KV.put("key", "value")
        yield asyncio.get_running_loop()
        assert await flare.env.KV.get("key") == "other"

    async def test_on_the_loop_of_its_fixtures(flare, seeded):
        assert asyncio.get_running_loop() is seeded
        assert await flare.env.KV.get("key") == "value"
        await flare.env.KV.put("key", "other")

    async def test_on_a_loop_of_its_own(flare):
        assert await flare.env.KV.get("key") is None
"""


@pytest.mark.parametrize("mode", ["auto", "strict"])
def test_asynchronous_fixtures_may_use_flare(pytester: pytest.Pytester, mode: str) -> None:
    write(pytester, mode=mode)
    pytester.makepyfile(FIXTURES)
    pytester.runpytest_inprocess(*OPTIONS).assert_outcomes(passed=2)


def test_the_plugin_is_thin(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_it():
            ours = {name for name in sys.modules if name.startswith("flarelocal")}
            assert ours <= {"flarelocal", "flarelocal.testing", "flarelocal.testing.plugin"}
        """
    )
    pytester.runpytest_subprocess(*OPTIONS).assert_outcomes(passed=1)


OTHER = """
    import helper
    from workers import Response, WorkerEntrypoint

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            return Response(f"{helper.NAME} {self.env.KIND}")
"""

TESTS_OF_TWO = """
    import entry
    import pytest

    other = pytest.mark.flare(config="other/wrangler.jsonc")

    async def test_the_usual_one(flare):
        assert await (await flare.fetch("/")).text() == "hello"

    @other
    async def test_another_one(flare):
        assert await (await flare.fetch("/")).text() == "the other of two"
        import helper
        assert helper.NAME == "the other"

    @other
    def test_another_one_blocking(flare_sync):
        assert flare_sync.fetch("/").text() == "the other of two"

    async def test_the_usual_one_again(flare):
        import entry as again
        assert again is entry and hasattr(entry, "Counter")
        assert await (await flare.fetch("/")).text() == "hello"

    def test_modules_of_the_other_one_are_out_of_sight():
        with pytest.raises(ModuleNotFoundError):
            import helper

    @pytest.mark.flare(config="missing/wrangler.jsonc")
    async def test_one_that_is_missing(flare):
        pass
"""


def test_a_test_names_another_worker(pytester: pytest.Pytester) -> None:
    write(pytester)
    other = pytester.mkdir("other")
    (other / "entry.py").write_text(dedent(OTHER))
    (other / "helper.py").write_text('NAME = "the other"\n')
    (other / "wrangler.jsonc").write_text(
        '{"name": "other", "main": "entry.py", "compatibility_date": "2026-06-01",'
        ' "compatibility_flags": ["python_workers"], "vars": {"KIND": "of two"}}'
    )
    pytester.makepyfile(TESTS_OF_TWO)
    result = pytester.runpytest_subprocess(*OPTIONS)
    result.assert_outcomes(passed=5, errors=1)
    result.stdout.fnmatch_lines(["*flarelocal:*missing/wrangler.jsonc*"])
