"""Reads the environment once and says everything that is wrong with it at once."""

import base64
import os
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError, ValidationError
from marshmallow.validate import OneOf

from config.local import state

ROOT = Path(__file__).resolve().parent.parent.parent
KEY_BYTES = 32


@dataclass(frozen=True)
class Mail:
    """The built-in mail listener (EML-1).

    Attributes:
        host: the interface that it listens on.
        port: nought for a free one.
        hostname: by which it greets.
        max_megabytes: the largest mail that it takes.
        dns_servers: who is asked about senders, as addresses, perhaps with a port; none means the machine's own.
        tls_cert: a certificate's file for STARTTLS, with its chain; none does without.
        tls_key: the key's file, where it is not in the same one.
    """

    host: str
    port: int
    hostname: str
    max_megabytes: int
    dns_servers: tuple[str, ...]
    tls_cert: str
    tls_key: str


@dataclass(frozen=True)
class MailOut:
    """How mail leaves that a channel has no server of its own for (EML-1).

    Attributes:
        backend: Django's backend for it, such as one of a provider.
        host: the SMTP server; empty when there is none.
        port: its port.
        user: signs in there; empty for without.
        password: its password.
        security: "none", "starttls" or "tls".
        seconds: what handing over one mail may take, up to its content; that may take twice as long.
        private_servers: whether channels may name servers in private networks.
        sender: whom invitations and links for new passwords come from; empty for no-reply at the mail host's name.
    """

    backend: str
    host: str
    port: int
    user: str
    password: str
    security: str
    seconds: int
    private_servers: bool
    sender: str


@dataclass(frozen=True)
class Config:
    """What an installation chooses.

    Attributes:
        local: a laptop's mode: generated secrets, embedded servers when no URL is given, demo sign-ins.
        secret_key: signs sessions and tokens.
        vault_keys: encrypt the keys of the tenants' vaults; the first encrypts, all decrypt.
        audit_keys: sign the heads of the audit chains; the first signs, all verify.
        database: Django's NAME, USER, PASSWORD, HOST, PORT of the PostgreSQL server.
        database_pool_size: connections that one process may hold.
        prepares_statements: whether connections keep the statements that they have prepared.
        redis_url: the Redis or Valkey server.
        media_root: folder for uploaded files, one folder per tenant below it.
        operator_hosts: host names, without port, of the operators' pages; none means that there are none.
        trusted_proxies: addresses and networks whose X-Forwarded-For is believed.
        mail: of the built-in mail listener.
        mail_out: of mail that leaves.
        static_sources: whether pages load scripts and style sheets as they are written, not as they are built.
        tenant_address: what a tenant's addresses begin with, `{host}` being its host name.
        log_format: "text" or "json".
        log_level: a name of Python's logging levels.
    """

    local: bool
    secret_key: str
    vault_keys: tuple[str, ...]
    audit_keys: tuple[str, ...]
    database: dict[str, Any]
    database_pool_size: int
    prepares_statements: bool
    redis_url: str
    media_root: Path
    operator_hosts: tuple[str, ...]
    trusted_proxies: tuple[str, ...]
    mail: "Mail"
    mail_out: "MailOut"
    static_sources: bool
    tenant_address: str
    log_format: str
    log_level: str


def load() -> Config:
    """Read and check the environment.

    Raises:
        ImproperlyConfigured: one message naming every variable that is missing or wrong.
    """
    env = Env(eager=False)
    local = os.environ.get("DJANGO_SETTINGS_MODULE", "").rpartition(".")[2] != "production"
    none: Any = []
    none_yet: Any = [] if local else ...
    optional: Any = "" if local else ...  # What a laptop finds by itself, a server has to be told.
    data_dir = env.path("PARLEY_DATA_DIR", default=ROOT / ".parley")
    database_url = env.str("DATABASE_URL", default=optional)
    redis_url = env.str("REDIS_URL", default=optional)
    secret_key = env.str("SECRET_KEY", default=optional)
    vault_keys = env.list("VAULT_KEYS", default=none_yet, validate=_keys_fit)
    audit_keys = env.list("AUDIT_KEYS", default=none_yet, validate=_keys_fit)
    pool_size = env.int("DATABASE_POOL_SIZE", default=8)
    prepares_statements = env.bool("DATABASE_PREPARED_STATEMENTS", default=True)
    log_format = env.str("LOG_FORMAT", default="text" if local else "json")
    log_level = env.str("LOG_LEVEL", default="INFO")
    # A name that anybody can write into a request leads nowhere on a server, unless it is told so.
    operator_hosts = env.list("OPERATOR_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if local else [])
    trusted_proxies = env.list("TRUSTED_PROXIES", default=none, validate=_networks)
    static_sources = env.bool("STATIC_SOURCES", default=False)
    here = f"http://{{host}}:{os.environ.get('PORT', '8000')}" if local else "https://{host}"
    tenant_address = env.str("TENANT_ADDRESS", default=here, validate=_names_host)
    mail: dict[str, Any] = {
        "host": env.str("MAIL_HOST", default="127.0.0.1"),
        "port": env.int("MAIL_PORT", default=0),
        "hostname": env.str("MAIL_HOSTNAME", default="localhost"),
        "max_megabytes": env.int("MAIL_MAX_MEGABYTES", default=25),
        "dns_servers": tuple(env.list("MAIL_DNS_SERVERS", default=[])),
        "tls_cert": env.str("MAIL_TLS_CERT", default=""),
        "tls_key": env.str("MAIL_TLS_KEY", default=""),
    }
    mail_out: dict[str, Any] = {
        "backend": env.str("MAIL_OUT_BACKEND", default="django.core.mail.backends.smtp.EmailBackend"),
        "host": env.str("MAIL_OUT_HOST", default=""),
        "port": env.int("MAIL_OUT_PORT", default=587),
        "user": env.str("MAIL_OUT_USER", default=""),
        "password": env.str("MAIL_OUT_PASSWORD", default=""),
        "security": env.str("MAIL_OUT_SECURITY", default="starttls", validate=OneOf(["none", "starttls", "tls"])),
        "seconds": env.int("MAIL_OUT_SECONDS", default=60),
        "private_servers": env.bool("MAIL_PRIVATE_SERVERS", default=local),
        "sender": env.str("MAIL_OUT_SENDER", default=""),
    }
    media_root = env.path("MEDIA_ROOT", default=(data_dir or ROOT) / "media")
    try:
        env.seal()
    except EnvValidationError as error:
        wrong: Any = error.error_messages
        lines = [f"  {name}: {' '.join(map(str, reasons))}" for name, reasons in wrong.items()]
        raise ImproperlyConfigured("\n".join(["The environment is not usable:", *lines])) from None
    if not local and len(secret_key) < 32:
        raise ImproperlyConfigured("SECRET_KEY: at least 32 characters, made by chance and kept secret")
    if not local and not vault_keys:
        raise ImproperlyConfigured("VAULT_KEYS: at least one key, made by chance and kept secret")
    if not local and not audit_keys:
        raise ImproperlyConfigured("AUDIT_KEYS: at least one key, made by chance and kept secret")
    if local:
        database_url = database_url or state.embedded_urls()[0]
        redis_url = redis_url or state.embedded_urls()[1]
        secret_key = secret_key or state.local_secret_key()
        vault_keys = vault_keys or [state.local_vault_key()]
        audit_keys = audit_keys or [state.local_audit_key()]
    return Config(
        local=local,
        secret_key=secret_key,
        vault_keys=tuple(vault_keys or ()),
        audit_keys=tuple(audit_keys or ()),
        database=_database(database_url),
        database_pool_size=pool_size,
        prepares_statements=prepares_statements,
        redis_url=redis_url,
        media_root=media_root,
        operator_hosts=tuple(host.strip().lower() for host in operator_hosts or ()),
        trusted_proxies=tuple(str(ip_network(each.strip(), strict=False)) for each in trusted_proxies or ()),
        mail=Mail(**mail),
        mail_out=MailOut(**mail_out),
        static_sources=bool(static_sources),
        tenant_address=str(tenant_address).rstrip("/"),
        log_format=log_format,
        log_level=log_level,
    )


def _names_host(address: str) -> None:
    """Whether it is what a tenant's addresses can begin with.

    Raises:
        ValidationError: it is not.
    """
    if not address.startswith(("https://{host}", "http://{host}")):
        raise ValidationError("expected https://{host}, with a port behind it where it is not the usual one")


def _networks(proxies: list[str]) -> None:
    """Whether each is an address or a network.

    Raises:
        ValidationError: one is not.
    """
    for each in proxies:
        try:
            ip_network(each.strip(), strict=False)
        except ValueError:
            raise ValidationError("expected addresses or networks, such as 10.0.0.0/8, with commas between") from None


def _keys_fit(keys: list[str]) -> None:
    """Whether each is a key of 32 bytes: to encrypt with (`apps/vault`) or to sign with (`apps/audit`).

    Raises:
        ValidationError: one is not.
    """
    for key in keys:
        try:
            size = len(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
        except ValueError:
            size = 0
        if size != KEY_BYTES:
            raise ValidationError("expected 32 bytes in URL-safe base64, or several such keys with commas between them")


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL: expected postgresql://USER:PASSWORD@HOST:PORT/NAME")
    return {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": parts.port or "",
    }
