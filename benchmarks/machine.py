"""What the kernel says of processes, and which core runs whom."""

import os
import platform
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def server_core() -> int:
    return min(os.sched_getaffinity(0))


def client_core() -> int:
    """Another one than the server's, where there is another."""
    return max(os.sched_getaffinity(0))


def cpu_s(pid: int) -> float:
    """User and system time of all threads of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def resident_bytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def described() -> str:
    """The machine in one line, for the head of a report."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    cores = len(os.sched_getaffinity(0))
    name = names[0] if names else platform.machine()
    others = os.getloadavg()[0]
    return f"{name}, {cores} cores, {platform.release()}, load average {others:.1f} before it began"


def loopback_bytes() -> int:
    """What the loopback interface has carried, with the heads of the packets."""
    for line in Path("/proc/net/dev").read_text().splitlines():
        name, _, counts = line.partition(":")
        if name.strip() == "lo":
            return int(counts.split()[8])
    return 0
