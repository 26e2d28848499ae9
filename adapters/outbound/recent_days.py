"""The answers about days that were asked for last, in the memory of this process."""

from collections import OrderedDict

MAX_BYTES = 64 * 1024 * 1024
MAX_SHARE = 8
"""An answer that would take more than this part of the room is not kept."""

_ENTRY_BYTES = 300
"""What an entry takes beside its key and its answer."""


class RecentDays:
    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0

    def recall(self, key: str) -> bytes | None:
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def remember(self, key: str, answer: bytes) -> None:
        size = _size(key, answer)
        if size > self._max_bytes // MAX_SHARE:
            return
        before = self._answers.pop(key, None)
        if before is not None:
            self._bytes -= _size(key, before)
        self._answers[key] = answer
        self._bytes += size
        while self._bytes > self._max_bytes:
            self._bytes -= _size(*self._answers.popitem(last=False))


def _size(key: str, answer: bytes) -> int:
    return len(key) + len(answer) + _ENTRY_BYTES
