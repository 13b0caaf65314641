"""Connections the hooks make: to the poolers' consoles, to the primary through HAProxy, to the Postgres beside us."""

import socket

import psycopg2

from . import files

# libpq rounds anything lower up to this.
CONNECT_TIMEOUT_SECONDS = 2
IN_RECOVERY = "SELECT pg_catalog.pg_is_in_recovery()"


def addresses(host, port):
    """Every address behind a name: a network alias and a headless Service both have one for each gateway."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return sorted({entry[4][0] for entry in found})


def poolers(config):
    """Where poolers may be: every address with every port. A member that has not got its newer files yet knows one port."""
    ports = config["poolersPorts"] if "poolersPorts" in config else [config["poolersPort"]]
    return [(address, port) for address in addresses(config["poolersHost"], None) for port in ports]


def nobody_listens(address, port):
    """Asked of the network, since libpq tells a refused connection by its words alone."""
    try:
        socket.create_connection((address, port), timeout=CONNECT_TIMEOUT_SECONDS).close()
        return False
    except ConnectionRefusedError:
        return True
    except OSError:
        return False


def _tls(config, key):
    """The certificate must be for a name of the cluster's own, since an address of a gateway is in no certificate."""
    name = config.get(key)
    return {
        "sslmode": "verify-full" if name else "verify-ca",
        "sslrootcert": files.path(config.get("caFile", "ca.crt")),
        **({"host": name} if name else {}),
    }


def console(config, address, port, purpose):
    """`purpose` is who asks and why, and what SHOW CLIENTS has as application_name."""
    connection = psycopg2.connect(
        hostaddr=address,
        port=port,
        dbname="pgbouncer",
        user=config["adminUser"],
        password=files.secret(config["adminPasswordFile"]),
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        application_name=f"pgharbor: {purpose}",
        **_tls(config, "poolersServerName"),
    )
    connection.autocommit = True  # the console knows no transactions
    return connection


def first_row(connection, question):
    """Of the answer; None where it is empty. The connection ends with it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()
    finally:
        connection.close()


def is_writable(config, address):
    """Whether the primary's port of the HAProxy at this address leads to a server that takes writes."""
    try:
        connection = psycopg2.connect(
            hostaddr=address,
            port=config["primaryPort"],
            dbname="postgres",
            user=config["checkUser"],
            password=files.secret(config["checkPasswordFile"]),
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            **_tls(config, "tlsServerName"),
        )
        return not first_row(connection, IN_RECOVERY)[0]
    except psycopg2.Error:
        return False


def ask_own_postgres(question):
    """The first row of the answer of the Postgres beside us, None where there is none."""
    superuser = files.patroni()["postgresql"]["authentication"]["superuser"]["username"]
    connection = psycopg2.connect(
        host="/run/postgresql", dbname="postgres", user=superuser, connect_timeout=CONNECT_TIMEOUT_SECONDS
    )
    return first_row(connection, question)


def we_are_primary():
    """Asked of Postgres itself: Patroni's own role changes at another moment."""
    try:
        return not ask_own_postgres(IN_RECOVERY)[0]
    except psycopg2.Error:
        return False
