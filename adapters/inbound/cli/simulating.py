"""`fieldpost simulate`: devices that deliver to a running platform, and what it said."""

from rich.console import Console

from adapters.inbound.cli.simulation import load


async def simulate(
    server: str, api_token: str, devices: int, rate: float, duration_s: float, seed: int
) -> None:
    console = Console()
    with console.status("delivering …") as status:
        counts = await load.simulate(
            server,
            api_token,
            devices=devices,
            rate=rate,
            duration_s=duration_s,
            seed=seed,
            progress=lambda text, done, total: status.update(f"{text} {done}/{total}"),
        )
    console.print(
        f"{counts.accepted} observations accepted, {counts.duplicate} batches were duplicates, "
        f"{counts.refused} observations refused, {counts.failed} uploads failed"
    )
