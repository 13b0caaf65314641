"""A primary that is about to stop lets another lead first."""

import time

from .cluster import candidates, leader, say, until
from .rest import RestError

# How long Patroni may say no. What it has begun is waited for.
ACCEPTED_SECONDS = 10.0


class Handover:
    def __init__(self, rest, seconds):
        self.rest = rest
        self.own = rest.config["name"]
        self.deadline = time.monotonic() + seconds

    def run(self):
        target = self.ask()
        if target:
            until(f"{target} to lead", self.left(), lambda: self.leading() == target)
        return {"from": self.own, "to": target}

    def ask(self):
        """Whom Patroni has made the primary; nobody where none can be, or is any more: all may be stopping."""
        deadline = time.monotonic() + ACCEPTED_SECONDS
        while time.monotonic() < deadline:
            target = self.successor()
            if not target:
                return None
            try:
                say(f"{self.own} stops: handing over to {target}")
                self.rest.call("POST", "/switchover", {"leader": self.own, "candidate": target}, timeout=self.left())
                return target
            except RestError as error:
                say(str(error))
                time.sleep(1)
        return None

    def successor(self):
        """Who would lead next, while this member does. In a pause nobody moves the primary but the person who asked for it."""
        cluster = self.rest.cluster()
        found = candidates(cluster["members"])
        if not found or cluster.get("pause") or (leader(cluster["members"]) or {}).get("name") != self.own:
            return None
        return found[0]["name"]

    def leading(self):
        return (leader(self.rest.cluster()["members"]) or {}).get("name")

    def left(self):
        return max(1.0, self.deadline - time.monotonic())
