"""An open round with its coordinators, for every test of the exchange that wants one."""

import pytest

from tests.exchange.people import Exchange


@pytest.fixture
def exchange(make) -> Exchange:
    return Exchange(make)
