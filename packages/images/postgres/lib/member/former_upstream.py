"""Finds out that this replica streams from a server that primary_conninfo no longer names, and has it connect to the one it does.

Postgres ends its walreceiver when primary_conninfo changes, but only if its startup process streams at that very moment. One that was
just between two sources goes on with the old connection for as long as that lasts: cascading from a former primary, of no use to a
quorum. Patroni writes the same primary_conninfo again and again, which Postgres takes for no change.
"""

import os
import signal

import psycopg2
from psycopg2.extensions import parse_dsn

from . import servers
from .cluster import replicas, say

# Each look is a connection, and lines in the log of Postgres. The same wrong one at two of them: Postgres had time to change over.
LOOK_SECONDS = 30.0

# The first two are the walreceiver's own view; the third is what the configuration says by now.
QUESTION = """
    SELECT pid, sender_host, pg_catalog.current_setting('primary_conninfo')
    FROM pg_catalog.pg_stat_wal_receiver WHERE status = 'streaming'
"""


class FormerUpstream:
    """The wrong connection that the last look saw."""

    def __init__(self):
        self._wrong = None
        self._next = 0.0

    def look(self, _rest, cluster, me, now):
        if now < self._next:
            return
        self._next = now + LOOK_SECONDS
        follows = me in replicas(cluster["members"])
        before, self._wrong = self._wrong, wrong_connection() if follows else None
        if self._wrong is None or self._wrong != before:
            return
        pid, sender, wanted = self._wrong
        say(f"streams from {sender}, though primary_conninfo names {wanted}: its walreceiver is ended, for it to connect anew")
        os.kill(pid, signal.SIGTERM)

    def forget(self):
        self._wrong = None


def wrong_connection():
    """The walreceiver, the host it streams from and those it should; None where they agree, or where nothing streams."""
    try:
        row = servers.ask_own_postgres(QUESTION)
    except psycopg2.Error:
        return None
    if row is None:
        return None
    pid, sender, conninfo = row
    wanted = parse_dsn(conninfo).get("host", "")
    return None if not sender or not wanted or sender in wanted.split(",") else (pid, sender, wanted)
