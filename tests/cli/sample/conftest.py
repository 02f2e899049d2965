"""One sample of a middling organisation, made once: tests only read it."""

import pytest

from lrs.cli.sample import Sample, generate


@pytest.fixture(scope="package")
def sample() -> Sample:
    return generate(people=80, statements=6000, seed=7)
