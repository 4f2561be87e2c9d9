from django.apps import AppConfig


class AgentsConfig(AppConfig):
    name = "apps.agents"

    def ready(self) -> None:
        """Register handlers, deadlines and seeds."""
        from apps.agents import deadlines, handlers, seeds  # noqa: F401
        from apps.agents.reach import own_queues
        from apps.tenants.admin_reach import own_queues_from

        own_queues_from(own_queues)
