"""What the tests of strangers begin with."""

from typing import Any

import pytest

from apps.accounts.models import User
from apps.agents.models import Agent
from tests.isolation.strangers import Stranger
from tests.support.browser import user_as
from tests.support.people import make_agent


@pytest.fixture
def ana(acme: Any) -> Stranger:
    return Stranger()


@pytest.fixture
def agent(ana: Stranger) -> Agent:
    return make_agent(chat=9)


@pytest.fixture
def boss(ana: Stranger) -> User:
    return user_as("administrator")
