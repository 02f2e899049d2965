import pytest

from tests.cli.commands import Command


@pytest.fixture
def command(mongodb_url: str) -> Command:
    return Command(mongodb_url)
