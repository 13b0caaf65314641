"""What a member looks after in itself, beside Patroni: faults that Patroni does not see, or waits for without end."""

import time

from .cluster import own, say
from .former_upstream import FormerUpstream
from .rest import Rest, RestError
from .silent_member import SilentMember
from .stuck_replica import StuckReplica

POLL_SECONDS = 5.0


def main():
    watches = [StuckReplica(), FormerUpstream(), SilentMember()]
    complaint = None
    while True:
        time.sleep(POLL_SECONDS)
        try:
            rest = Rest()
            cluster = rest.cluster()
            me = own(rest, cluster["members"])
            for watch in watches:
                watch.look(rest, cluster, me, time.monotonic())
            complaint = None
        except (RestError, OSError, KeyError, ValueError) as error:  # Patroni starts, or the store is away
            for watch in watches:
                watch.forget()
            if str(error) != complaint:
                complaint = str(error)
                say(f"cannot tell whether this member is well: {error}")
