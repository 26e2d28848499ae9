"""Answers blocks on standard input with what the reference decoder says of them.

Question and answer are a length in 4 bytes, the lowest first, and that many bytes. An empty
answer means refused. Otherwise: the kind, then each column there is: its name and its values.
Texts and names are a length in 4 bytes and UTF-8. A value is a byte, 0 if it is absent and 1 if
not, and if so: a number as a double, an integer in 8 bytes, a flag in one, any other as a text.
"""

import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.native import reference_decoder


def text(said: str) -> bytes:
    raw = said.encode()
    return struct.pack("<I", len(raw)) + raw


def value(said: Any) -> bytes:
    match said:
        case None:
            return b"\0"
        case bool():
            return b"\1\1" if said else b"\1\0"
        case int():
            return struct.pack("<bq", 1, said)
        case float():
            return struct.pack("<bd", 1, said)
        case _:
            return b"\1" + text(said)


def answer(block: bytes) -> bytes:
    try:
        kind, columns = reference_decoder.decode(block)
    except reference_decoder.BadBlock:
        return b""
    parts = [text(kind)]
    for name, column in columns.items():
        parts.append(text(name))
        parts.extend(map(value, column))
    return b"".join(parts)


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    while head := questions.read(4):
        reply = answer(questions.read(int.from_bytes(head, "little")))
        answers.write(len(reply).to_bytes(4, "little") + reply)
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
