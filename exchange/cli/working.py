"""Working for others: `exchange worker` takes files from the queue, on this machine or on any other."""

from exchange.batches import working
from exchange.cli.options import ConfigOption, world_of
from exchange.monitor.health import WORKER
from exchange.monitor.watch import watching


def worker(config: ConfigOption = None) -> None:
    """Work the files that runs send, beside other workers, until the process is asked to end; needs PostgreSQL."""
    with world_of(config, quiet=True) as world, watching(world, WORKER):
        working.serve(world)
