"""The passwords of the cluster's own roles, brought to what the current configuration says.

A cluster that is made again on volumes that were kept has new passwords, and data with the old ones.
"""

import base64
import hashlib
import hmac
import os

import psycopg2
from psycopg2 import extensions, sql

from . import cluster, files, servers

STATEMENTS = "system-roles.sql"

# Verifiers stay out of the log and of pg_stat_statements. Nothing may wait for a synchronous standby: it cannot stream before
# it gets in with its new password.
QUIET = {
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_min_error_statement": "panic",
    "pg_stat_statements.track_utility": "off",
    "synchronous_commit": "local",
}


def sync(rest, seconds):
    """Does nothing in a member that does not lead. Returns the roles whose password differed."""

    def standing():
        if rest.member().get("role") not in ("primary", "master"):
            return "follows"
        # Just promoted, or starting: until its Postgres takes writes.
        return "leads" if servers.we_are_primary() else None

    if cluster.until("this member to know whether it leads", seconds, standing) == "follows":
        return {"leads": False, "changed": []}
    try:
        return set_passwords(rest.config)
    except psycopg2.Error as error:
        # Not its whole text, which quotes the statement.
        raise cluster.Unfinished(error.diag.message_primary or str(error).strip()) from None


def set_passwords(config):
    connection = connect(config)
    try:
        with connection, connection.cursor() as cursor:
            before = verifiers(cursor)
            run_statements(cursor)
            for login in logins(config):
                set_password(connection, cursor, login, before.get(login["username"]))
            after = verifiers(cursor)
    finally:
        connection.close()
    return {"leads": True, "changed": sorted(name for name in after if after[name] != before.get(name))}


def connect(config):
    superuser = config["postgresql"]["authentication"]["superuser"]["username"]
    options = " ".join(f"-c {name}={value}" for name, value in QUIET.items())
    return psycopg2.connect(host="/run/postgresql", dbname="postgres", user=superuser, options=options)


def verifiers(cursor):
    cursor.execute("SELECT rolname, rolpassword FROM pg_catalog.pg_authid WHERE rolpassword IS NOT NULL")
    return dict(cursor.fetchall())


def run_statements(cursor):
    if os.path.exists(files.path(STATEMENTS)):
        cursor.execute(files.secret(STATEMENTS))


def logins(config):
    """Those that Patroni logs in with, over the network: the superuser has no password."""
    authentication = config["postgresql"]["authentication"]
    return [login for login in authentication.values() if login.get("password")]


def set_password(connection, cursor, login, verifier):
    name, password = login["username"], str(login["password"])
    if verifier is not None and verifies(verifier, password):
        return
    fresh = extensions.encrypt_password(password, name, connection, "scram-sha-256")
    cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(fresh)))


def verifies(verifier, password):
    """Whether a verifier of Postgres is of this password (RFC 5802), which is one of ours: printable ASCII."""
    try:
        method, parameters, keys = verifier.split("$")
        iterations, salt = parameters.split(":")
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(iterations))
    except ValueError:
        return False
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    return method == "SCRAM-SHA-256" and keys.partition(":")[2] == base64.b64encode(server_key).decode()
