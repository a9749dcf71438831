"""The crons, fired by hand."""

from datetime import UTC, datetime


def ms(year, month, day, hour):
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp() * 1000)


def test_each_working_day_has_a_report_of_the_day_before(server):
    server.fire("0 6 * * MON-FRI", ms(2026, 3, 3, 6))

    assert server.job("report-2026-03-02", "done")["result"]["day"] == "2026-03-02"


def test_a_cron_that_fires_twice_makes_one_report(server):
    server.fire("0 6 * * MON-FRI", ms(2026, 3, 4, 6))
    first = server.job("report-2026-03-03", "done")

    server.fire("0 6 * * MON-FRI", ms(2026, 3, 4, 6))

    assert server.job("report-2026-03-03", "done") == first


def test_each_sunday_has_an_export(server):
    server.fire("0 4 * * 1", ms(2026, 3, 1, 4))

    assert server.export("weekly-2026-03-01", "done")["rows"] == 50
