"""Finds out that this replica is stuck, and has Patroni make it anew from the primary.

A pg_rewind whose source died half way leaves a directory that Postgres starts on and never finishes recovering. Patroni waits for
such a start as long as it takes, for it may be a long recovery. What tells one from the other is progress: the position in the WAL,
or before Postgres answers queries, the segment that its startup process names in its title.

A copy that may be the last good one is never given up: only while another member leads, and answers a replication connection from
here out of recovery; one member at a time; never in maintenance mode, never where a base backup is under way.
"""

import time

import psycopg2
from psycopg2.extras import PhysicalReplicationConnection

from . import files, servers
from .cluster import lags_on_purpose, leader, say
from .processes import command_lines

# Members take turns to begin: one that is being made anew shows as that to the others before the next has its turn.
TURN_SECONDS = 20
# "creating replica" is what is wanted. Patroni tries again by itself where that fails.
BUSY = ("creating replica", "initializing new cluster", "running custom bootstrap script")


class Stall:
    """Since when nothing new was seen. One that starts, fails and starts again sees the same over and over."""

    def __init__(self):
        self._seen = set()
        self._since = None

    def seconds(self, seen, now):
        if self._since is None or not seen <= self._seen:
            self._seen, self._since = self._seen | seen, now
        return now - self._since

    def forget(self):
        self._seen, self._since = set(), None


def progress(status):
    """What has been reached: something new in it is progress."""
    xlog = status.get("xlog") or {}
    positions = {("received", xlog.get("received_location")), ("replayed", xlog.get("replayed_location"))}
    return positions | {("recovering", title) for title in titles()}


def titles():
    """`postgres: shop: startup recovering 00000002000000000000000A`, and its like."""
    heads = (words[0] for _, words in command_lines())
    return [title for title in heads if title.startswith("postgres: ") and " startup " in f"{title} "]


def is_well(member):
    return member["role"] in ("leader", "standby_leader") or member["state"] == "streaming" or lags_on_purpose(member)


def has_turn(own, members, now):
    names = sorted(member["name"] for member in members)
    return names[int(now // TURN_SECONDS) % len(names)] == own


def primary_answers(host, port):
    """Whether a base backup could be taken from there: a replication connection is let in, and it is out of recovery."""
    auth = files.patroni()["postgresql"]["authentication"]["replication"]
    try:
        connection = psycopg2.connect(
            host=host, port=port, user=auth["username"], password=auth["password"], connect_timeout=3, gssencmode="disable",
            sslmode=auth["sslmode"], sslrootcert=auth["sslrootcert"], connection_factory=PhysicalReplicationConnection,
        )  # fmt: skip
        # The one such question that the protocol of replication knows.
        return servers.first_row(connection, "SHOW in_hot_standby")[0] == "off"
    except psycopg2.Error as error:
        say(f"stuck, and the primary does not answer: {str(error).strip()}")
        return False


def source(own, members):
    """The primary that this replica may be made anew from right now, or None."""
    primary = leader(members)
    if primary is None or any(member["state"] in BUSY for member in members) or not has_turn(own, members, time.time()):
        return None
    return primary if primary_answers(primary["host"], primary["port"]) else None


def make_anew(rest, me, primary, why):
    say(f"{me['name']} is {me['state']} and {why}: it is made anew from {primary['name']}, what it had is deleted")
    rest.call("POST", "/reinitialize", {"force": True})


def bound():
    """Seconds; 0: a person decides."""
    return float(files.hooks()["rebuildAfterSeconds"])


class StuckReplica:
    def __init__(self):
        self._stall = Stall()

    def look(self, rest, cluster, me, now):
        members = cluster["members"]
        if me is None or is_well(me) or me["state"] in BUSY or leader(members) is None or cluster.get("pause"):
            self.forget()
            return
        stuck = self._stall.seconds(progress(rest.member()), now)
        if not 0 < bound() <= stuck:
            return
        primary = source(me["name"], members)
        if primary is None:
            return
        make_anew(rest, me, primary, f"has made no progress for {stuck:.0f} s")
        self.forget()

    def forget(self):
        self._stall.forget()
