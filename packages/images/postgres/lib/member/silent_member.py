"""Finds out that this member can answer nobody any more, and has another take its place.

Patroni asks by a connection that it has had since the start, and one that is open needs no file: a data directory whose files are gone,
or a postmaster that hangs, keeps the leader lock and fails every client. Ended as if it had crashed, a primary hands the lock over at
once. Started again, it may well stream, for what it replays makes its files anew, without what was in them: a replica that answers
nobody is made anew from the primary.

Never without another that leads or can take over, and never in maintenance mode.
"""

import os
import signal
import threading

import psycopg2

from . import servers, stuck_replica
from .cluster import candidates, say
from .processes import command_lines

# Each look is a connection, and lines in the log of Postgres.
LOOK_SECONDS = 30.0
# Of what looked wrong once.
LOOK_AGAIN_SECONDS = 5.0
# How long a primary may fail, in lives of the lease: what is slow is not dead, and a machine that is known to stall has a long lease.
LEASES = 2
# A new process has to read these from their files.
QUESTION = "SELECT count(*) FROM pg_catalog.pg_class"
# What Patroni says of one that has started.
UP = ("running", "streaming")
# Full, starting, or stopping: it answers, and who is in charge of that knows.
ANSWERS = ("53300", "57P03", "57P01")
REFUSALS = ("too many clients", "remaining connection slots", "the database system is")
ANSWER_SECONDS = 10.0


class SilentMember:
    """Since when nobody was answered."""

    def __init__(self):
        self._since = None
        self._next = 0.0

    def look(self, rest, cluster, me, now):
        if me is None or me["state"] not in UP or cluster.get("pause"):
            self.forget()
            return
        if now < self._next:
            return
        reason = why_silent()
        self._next = now + (LOOK_SECONDS if reason is None else LOOK_AGAIN_SECONDS)
        if reason is None:
            self.forget()
            return
        if self._since is None:
            self._since = now
            say(f"{me['name']} does not answer a new connection: {reason}")
        silent = now - self._since
        replace = replace_primary if me["role"] == "leader" else replace_replica
        if replace(rest, cluster["members"], me, silent):
            self.forget()

    def forget(self):
        self._since = None


def replace_primary(rest, members, me, silent):
    """Each of the two says whether it was time to, and could be done."""
    if silent < LEASES * float(rest.get_config()["ttl"]) or not candidates(members):
        return False
    say(f"{me['name']} leads and has answered nobody for {silent:.0f} s: its Postgres is ended")
    kill_postmaster()
    return True


def replace_replica(rest, members, me, silent):
    if not 0 < stuck_replica.bound() <= silent:
        return False
    primary = stuck_replica.source(me["name"], members)
    if primary is None:
        return False
    stuck_replica.make_anew(rest, me, primary, f"has answered nobody for {silent:.0f} s")
    return True


def why_silent():
    """None where a new connection is answered. In a thread of its own: a read from a dead disk never ends."""
    reasons = [f"no answer for {ANSWER_SECONDS:.0f} s"]

    def ask():
        try:
            servers.ask_own_postgres(QUESTION)
            reasons.clear()
        except psycopg2.Error as error:
            # The code of a connection that was refused is in no attribute: libpq has only the words.
            busy = error.pgcode in ANSWERS or any(words in str(error) for words in REFUSALS)
            reasons[:] = [] if busy else [str(error).strip()]

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(ANSWER_SECONDS)
    return next(iter(reasons), None)


def kill_postmaster():
    for pid, (program, *arguments) in command_lines():
        # Its children have a title in place of a command line.
        if program.endswith("/bin/postgres") and "-D" in arguments:
            os.kill(pid, signal.SIGKILL)
