"""What the servers have in common: they start, stop, are killed, paused and started again."""

import abc
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local.ports import HOST, free_port, listens
from deploy.local.program import Program

_LOOK_EVERY_S = 0.02


class NotStarted(RuntimeError):
    """The server did not come to answer; the message ends with the tail of its log."""


class LocalServer(abc.ABC):
    """One server: its folder with data and logs, and its port, which stay over many starts.

    The folder is made at the first start. `port` is a free one unless given; nothing keeps others
    from taking it before the start. Not for two threads at once.
    """

    host = HOST
    start_s = 30.0  # the longest that a start may take, in seconds
    stop_s = 10.0  # the longest that a graceful end may take, in seconds

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder = folder.absolute()
        self.port = port or free_port()
        self._program = Program(self.folder / "output.log")

    @property
    def pid(self) -> int:
        """The process that serves; only while it runs."""
        return self._program.pid

    @property
    def running(self) -> bool:
        return self._program.running

    def start(self) -> Self:
        """Returns when it answers, on the data that an earlier start has left; NotStarted where
        it does not. Does nothing where it runs.
        """
        if self.running:
            return self
        if listens(self.port):
            raise NotStarted(f"{type(self).__name__}: port {self.port} is taken")
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._launch()
            self._wait(self._program, self._answers, "the server answers")
        except OSError as error:
            self.kill()
            raise NotStarted(f"{type(self).__name__}: {error}") from error
        except BaseException:
            self.kill()
            raise
        return self

    def stop(self) -> None:
        """A graceful end, or a kill where it takes too long."""
        self._program.signal(signal.SIGCONT)
        self._program.terminate(self.stop_s)
        self.kill()

    def kill(self) -> None:
        """SIGKILL to all of its processes; does nothing where nothing runs."""
        for program in self._programs():
            program.kill()

    def pause(self) -> None:
        """It keeps its connections and answers nothing, until `resume`."""
        self._program.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._program.signal(signal.SIGCONT)

    def log_tail(self, lines: int = 30) -> str:
        """The last that its programs have said."""
        return "\n".join(program.log_tail(lines) for program in self._programs())

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @abc.abstractmethod
    def _launch(self) -> None:
        """Prepare the folder and start the programs."""

    @abc.abstractmethod
    def _answers(self) -> bool:
        """Whether clients are served; returns soon."""

    def _programs(self) -> list[Program]:
        """In the order in which they are to be ended."""
        return [self._program]

    def _wait(self, program: Program, look: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + self.start_s
        while not look():
            if not program.running:
                raise NotStarted(f"{type(self).__name__} ended at start\n{self.log_tail()}")
            if time.monotonic() > deadline:
                late = f"{type(self).__name__}: {what}: not within {self.start_s:g} s"
                raise NotStarted(f"{late}\n{self.log_tail()}")
            time.sleep(_LOOK_EVERY_S)
