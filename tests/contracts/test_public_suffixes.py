"""The list of public suffixes against the suite of its port."""

import pytest

from adapters.outbound.public_suffixes import PublicSuffixes
from tests.contracts.site_names import SiteNamesContract


class TestPublicSuffixes(SiteNamesContract):
    ADAPTER = PublicSuffixes

    @pytest.fixture(scope="class")
    @classmethod
    def names(cls) -> PublicSuffixes:
        return PublicSuffixes()
