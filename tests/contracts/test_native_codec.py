"""The native codec against the suite of its port."""

import pytest

from adapters.outbound.native_codec import NativeBlockCodec
from tests.contracts.block_codec import BlockCodecContract


class TestNativeBlockCodec(BlockCodecContract):
    ADAPTER = NativeBlockCodec

    @pytest.fixture
    def codec(self) -> NativeBlockCodec:
        return NativeBlockCodec()
