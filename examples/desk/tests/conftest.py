import pytest

from flarelocal.testing import apply_d1_migrations, read_d1_migrations


@pytest.fixture(autouse=True)
async def tables(flare):
    await apply_d1_migrations(flare.env.DB, read_d1_migrations("migrations"))
