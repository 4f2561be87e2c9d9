"""What a new tenant finds: each app registers its share; what a later version adds reaches older tenants (TEN-3)."""

from collections.abc import Callable

from apps.core.installed import app_place

_seeds: dict[str, Callable[[], None]] = {}


def register_seed(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function that fills in a part of a tenant, once for each tenant; used in an app's `seeds.py`.

    Seeds run in the order of the installed apps, which is that of the layers, lower apps first; within an app in that
    of registration.

    Args:
        name: never changes, e.g. ``queues.default``: a tenant that has had it does not get it again.
    """

    def register(function: Callable[[], None]) -> Callable[[], None]:
        if _seeds.get(name, function) is not function:
            raise RuntimeError(f"two seeds are called {name}")
        _seeds[name] = function
        return function

    return register


def registered_seeds() -> dict[str, Callable[[], None]]:
    """Every seed by its name, in the order in which they run."""
    return dict(sorted(_seeds.items(), key=lambda item: app_place(item[1])))
