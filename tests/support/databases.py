"""One template database with both tenants in it; each test process works on a clone, and has it as new after each test.

Making the tenants takes seconds: so the template is made once for each state of the migrations and seeds, under a lock
of the server that other test processes wait for, whichever checkout they are of. Where tests run in parallel, a process
of its own makes it (`python -m tests.support.databases`), while the tests that need no database run. Cloning copies a
thousand files: so the clone is mended where a test wrote to it, and a new one taken only when a test changed more than
rows.
"""

import gc
import hashlib
import inspect
import os
from pathlib import Path
from typing import ClassVar

import django
import psycopg
from django.conf import settings
from django.db import connection
from django_tenants.utils import get_tenant_model
from psycopg import sql

from tests.support.database_contents import Contents

ROOT = Path(__file__).resolve().parents[2]


def fingerprint() -> str:
    """A name for the state of everything that shapes the template."""
    digest = hashlib.sha256()
    shaping = [*ROOT.glob("apps/*/migrations/*.py"), *ROOT.glob("apps/*/seeds.py"), ROOT / "config/settings/base.py"]
    for path in sorted([*shaping, ROOT / "apps/tenants/actions.py", *ROOT.glob("apps/tenants/structure.*")]):
        digest.update(path.read_bytes())
    digest.update(inspect.getsource(Databases._make_template).encode())
    return digest.hexdigest()[:12]


def fresh_database(schema_name: str) -> None:
    """Start over in the middle of a test, in this tenant: for tests that live through many examples."""
    assert Databases.current is not None
    Databases.current.reset()
    connection.set_tenant(get_tenant_model().objects.get(schema_name=schema_name))


class Databases:
    """This process's database, cloned from the shared template."""

    current: ClassVar["Databases | None"] = None

    def __init__(self) -> None:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self.origin = settings.DATABASES["default"]["NAME"]
        self.template = f"{self.origin}_template_{fingerprint()}"
        self.name = f"{self.origin}_test_{worker}_{os.getpid()}"
        self._inside: psycopg.Connection
        self._contents: Contents

    def start(self) -> None:
        """Make the template unless it is there, and this process's clone of it."""
        self.prepare()
        self._clone()
        Databases.current = self

    def prepare(self) -> None:
        """Make the template unless it is there, or wait for whoever makes it."""
        with self._admin() as admin:
            admin.execute("SELECT pg_advisory_lock(hashtext(%s))", [self.template])  # until this connection is closed
            if not self._exists(self.template):
                self._make_template()

    def reset(self) -> None:
        """Have the database as it was when it was cloned, but for the values of sequences."""
        if not self._mend():
            self._clone()

    def _mend(self) -> bool:
        """Mend what was written to; False when that is not enough."""
        try:
            return self._contents.restore(self._inside, spared=self._idle())
        except psycopg.Error:
            return False

    def _idle(self) -> list[int]:
        """The backends of this process's connections, all of which rest in the pool: they know the tables by now.

        If one of them is in use somewhere, the pool is closed and none is spared.
        """
        connection.close()
        pool = connection.pool
        stats = pool.get_stats()
        count = stats["pool_available"]
        if count < stats["pool_size"]:
            self._release()
            return []
        resting = [pool.getconn() for _ in range(count)]
        for each in resting:
            pool.putconn(each)
        return [each.info.backend_pid for each in resting]

    def stop(self) -> None:
        """Drop this process's clone."""
        Databases.current = None
        self._release()
        self._inside.close()
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))

    def _make_template(self) -> None:
        from apps.tenants.actions import tenant_create

        unfinished = f"{self.template}_making"
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(unfinished)))
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
        self._connect_to(unfinished)
        from django.core.management import call_command

        call_command("migrate_schemas", schema_name="public", verbosity=0)
        for name in ("acme", "globex"):
            tenant_create(name=name.title(), schema_name=name, hosts=[f"{name}.localhost"])
        self._release()
        self._execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(self.template))
        )

    def _clone(self) -> None:
        self._release()
        name, template = sql.Identifier(self.name), sql.Identifier(self.template)
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(name, template))
        self._inside = self._admin(self.name)
        self._contents = Contents(self._inside)
        self._connect_to(self.name)

    def _connect_to(self, name: str) -> None:
        self._release()
        settings.DATABASES["default"]["NAME"] = name
        connection.settings_dict["NAME"] = name

    def _release(self) -> None:
        connection.close()
        connection.close_pool()

    def _exists(self, name: str) -> bool:
        with self._admin() as admin:
            return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None

    def _execute(self, statement: sql.Composed) -> None:
        with self._admin() as admin:
            admin.execute(statement)

    def _admin(self, name: str = "postgres") -> psycopg.Connection:
        options = settings.DATABASES["default"]
        return psycopg.connect(
            dbname=name,
            user=options["USER"],
            password=options["PASSWORD"],
            host=options["HOST"],
            port=options["PORT"],
            autocommit=True,
        )


if __name__ == "__main__":
    gc.disable()  # Migrating renders models by the thousand; none of them is garbage before the end.
    django.setup()
    Databases().prepare()
