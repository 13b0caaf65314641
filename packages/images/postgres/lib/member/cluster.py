"""What the cluster looks like, and waiting until it looks as it should."""

import sys
import time

from .rest import RestError

POLL_SECONDS = 0.5


class Unfinished(Exception):
    """What was waited for did not come about in time."""


def say(text):
    print(f"pgharbor: {text}", file=sys.stderr, flush=True)


def leader(members):
    found = [member for member in members if member["role"] in ("leader", "standby_leader")]
    return found[0] if found and found[0]["state"] == "running" else None


def own(rest, members):
    """This member among them. None: Patroni hangs, or has just begun, so that it has said nothing for longer than its lease."""
    return next((member for member in members if member["name"] == rest.config["name"]), None)


def replicas(members):
    return [member for member in members if member["role"] not in ("leader", "standby_leader")]


def streaming(members):
    return [member for member in replicas(members) if member["state"] == "streaming"]


def following(members):
    """Streaming, or one that lags on purpose: after a failover a delayed member replays the old timeline first."""
    return [member for member in replicas(members) if member["state"] == "streaming" or lags_on_purpose(member)]


def lags_on_purpose(member):
    return member["state"] == "running" and bool(member.get("tags", {}).get("delayed"))


def summary(members):
    return ", ".join(f"{member['name']} {member['role']} {member['state']}" for member in members) or "no members"


def until(what, seconds, done):
    """Polls done() until it returns something true; REST errors on the way are part of starting up."""
    deadline = time.monotonic() + seconds
    last = None
    while True:
        try:
            result = done()
            problem = None
        except RestError as error:
            result, problem = None, str(error)
        if result:
            return result
        if problem and problem != last:
            say(problem)
            last = problem
        if time.monotonic() > deadline:
            raise Unfinished(f"waited {seconds:.0f} s for {what}{': ' + problem if problem else ''}")
        time.sleep(POLL_SECONDS)


def wait(rest, count, seconds):
    """One leader and count - 1 streaming replicas; in synchronous mode also a standby that may be promoted."""
    seen = []

    def complete():
        members = rest.cluster()["members"]
        if summary(members) not in seen[-1:]:
            seen.append(summary(members))
            say(summary(members))
        return leader(members) and len(following(members)) >= count - 1 and members

    try:
        return until(f"a leader and {count - 1} streaming replicas", seconds, complete)
    except Unfinished as error:
        raise Unfinished(f"{error}; the cluster has {seen[-1] if seen else 'not answered'}") from error


def wait_self(rest, seconds):
    """This member leads, or streams from the one that does."""
    own = rest.config["name"]

    def back():
        found = [member for member in rest.cluster()["members"] if member["name"] == own]
        serving = found and (leader(found) or following(found))
        return found[0] if serving else None

    return until(f"{own} to lead or to stream", seconds, back)


def candidates(members):
    """Replicas that Patroni would promote: in synchronous mode only those it counts as synchronous."""
    found = [member for member in streaming(members) if not member.get("tags", {}).get("nofailover")]
    synchronous = [member for member in found if member["role"] in ("sync_standby", "quorum_standby")]
    return sorted(synchronous or found, key=lambda member: (member.get("lag") or 0, member["name"]))
