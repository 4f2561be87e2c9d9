"""One router, `python -m tests.bench.router SCHEMA N OF`: every OFth agent from the Nth on has room."""

import os
import sys


def main() -> int:
    """Get ready, say so, wait for the word, dispatch."""
    schema, number, of = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    import django

    django.setup()
    from django_tenants.utils import schema_context

    from apps.agents.models import Agent
    from apps.routing.actions import agent_dispatch

    with schema_context(schema):
        agents = list(Agent.objects.order_by("pk").values_list("pk", flat=True))[number::of]
        print("ready", flush=True)
        sys.stdin.readline()
        for agent_id in agents:
            agent_dispatch(agent_id=agent_id)
    return 0


if __name__ == "__main__":
    sys.exit(main())
