import pytest


@pytest.fixture
def mailer(flare):
    """Takes all mails; its `calls` show them."""
    return flare.fetch_mock.post("https://mail.example.com/send", status=202)


@pytest.fixture
def sent(mailer):
    """The mails that went out, as text."""
    return lambda: [call.body.decode() for call in mailer.calls]
