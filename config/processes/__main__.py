"""Runs Parley's processes: `python -m config.processes [web|worker|timers|mail ...]`, one of each by default."""

import argparse
import os
import sys
from collections import Counter

from config.local import tether
from config.local.state import LocalError
from config.processes.kinds import KINDS, Kind
from config.processes.preload import application_load
from config.processes.supervisor import Supervisor


def chosen_kinds(arguments: list[str]) -> list[Kind]:
    """Read the command line; prints its errors and exits as argparse does.

    Returns:
        A kind for each process: those that are named, else one of each, of web as many as WEB_CONCURRENCY says.
    """
    parser = argparse.ArgumentParser(prog="python -m config.processes", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)}; twice for two of it")
    named = parser.parse_args(arguments).kinds
    if unknown := set(named) - set(KINDS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    more = int(os.environ.get("WEB_CONCURRENCY") or 1) - 1
    return [KINDS[name] for name in named or [*["web"] * more, *KINDS]]


def main() -> None:
    """Run a single process in this one, several as forks that are watched.

    Raises:
        SystemExit: with a sentence that says why they could not be started, or did not stay.
    """
    kinds = chosen_kinds(sys.argv[1:])
    works = application_load(kinds)
    try:
        if len(kinds) > 1:
            tether.name_process("app")
            Supervisor(works).supervise(Counter(kinds))
        else:
            tether.name_process(kinds[0].name)
            works[kinds[0].name](kinds[0].listen())
    except LocalError as error:
        raise SystemExit(f"parley: {error}") from None


if __name__ == "__main__":
    main()
