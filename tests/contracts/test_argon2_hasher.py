"""Argon2 against the suite of its port."""

import pytest

from adapters.outbound.argon2_hasher import Argon2PasswordHasher
from tests.contracts.password_hasher import PasswordHasherContract


class TestArgon2PasswordHasher(PasswordHasherContract):
    ADAPTER = Argon2PasswordHasher

    @pytest.fixture
    def hasher(self) -> Argon2PasswordHasher:
        return Argon2PasswordHasher()
