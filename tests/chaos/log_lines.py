"""What processes may log when one of them dies."""

DATABASE_GONE = (
    r"OperationalError|InterfaceError|PoolTimeout|AdminShutdown|consuming input failed|server closed the connection",
    r"unexpected postmaster exit|the database system is (starting up|not yet accepting)|connection to client lost",
)


EXPECTED = {
    "web": [r"connection to client lost"],
    "worker": [r"connection to client lost"],
    "timers": [r"connection to client lost"],
    "valkey": [
        r"Cannot connect to redis|redis\.exceptions\.ConnectionError|Connection refused|Connection closed by server",
        r"timers\.interrupted",
    ],
    "postgres": [*DATABASE_GONE, r"timers\.interrupted"],
}
