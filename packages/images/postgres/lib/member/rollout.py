"""Brings a dynamic configuration into force with as little disturbance as it needs.

Most settings need a reload, which Patroni does by itself. Some need a restart: replicas go first, one at a time, then the
primary moves to one of them, and the old one follows.
"""

import time

from .cluster import Unfinished, candidates, leader, replicas, say, streaming, until
from .rest import RestError


# Patroni's no for now is no for good after so long.
PATIENCE_SECONDS = 30.0


class HalfDone(Exception):
    """What was begun did not come to its end. Another member must not begin it beside that."""


class Rollout:
    def __init__(self, rest, seconds):
        self.rest = rest
        self.deadline = time.monotonic() + seconds
        self.report = {"changed": False, "restarted": [], "switchover": None}
        self.begun = False

    def left(self):
        return max(1.0, self.deadline - time.monotonic())

    def members(self):
        return self.ask(lambda: self.rest.cluster()["members"])

    def ask(self, question):
        """A member that has just restarted, or a busy machine, may leave one question without an answer."""
        return until("an answer of Patroni", min(PATIENCE_SECONDS, self.left()), lambda: (question(),))[0]

    def apply(self, wanted):
        try:
            return self.bring_into_force(wanted)
        except (RestError, Unfinished) as error:
            if self.begun:
                raise HalfDone(str(error)) from error
            raise

    def bring_into_force(self, wanted):
        until("a primary", self.left(), lambda: leader(self.members()))
        current = self.ask(self.rest.get_config)
        if current != wanted:
            if current.get("pause"):
                # The new configuration would end it, and Patroni act while somebody works on the members by hand.
                raise ValueError("Patroni is paused, and nothing was changed: run `patronictl resume` in a member, and try again")
            self.rest.call("PUT", "/config", wanted)
            self.begun = True
            self.report["changed"] = True
            say("dynamic configuration written")
            self.wait_until_seen()
        self.restart_where_needed()
        return self.report

    def wait_until_seen(self):
        """Patroni reads the store once a cycle and applies what is new at the cycle's end: after two new cycles of a member
        it has applied it, and knows whether a restart is needed."""
        pending = {}
        for member in self.running():
            pending[member["name"]] = {"url": member["api_url"], "seen": None, "cycles": 0}

        def all_seen():
            for name, state in list(pending.items()):
                now = self.rest.member(state["url"]).get("dcs_last_seen")
                if now != state["seen"]:
                    state["cycles"] += state["seen"] is not None
                    state["seen"] = now
                if state["cycles"] >= 2:
                    del pending[name]
            return not pending

        try:
            until("every member to take the configuration", min(60, self.left()), all_seen)
        except Unfinished as error:
            raise Unfinished(f"{error}; still waiting for {', '.join(sorted(pending))}") from error

    def running(self):
        return [member for member in self.members() if member["state"] in ("running", "streaming", "in archive recovery")]

    def pending(self, members):
        return [member for member in members if self.ask(lambda: self.rest.member(member["api_url"])).get("pending_restart")]

    def restart_where_needed(self):
        self.restart_replicas()
        primary = leader(self.members())
        if primary and self.pending([primary]):
            fresh = [member for member in candidates(self.members()) if not self.pending([member])]
            if fresh:
                self.switch_over(primary, fresh[0])
            else:
                # Alone, or the setting went down: replicas may lower it only after their primary has
                # (https://patroni.readthedocs.io/en/latest/patroni_configuration.html, shared memory settings).
                self.restart(primary)
            self.restart_replicas()
        left = self.pending(self.running())
        if left:
            names = ", ".join(member["name"] for member in left)
            raise Unfinished(f"restarted, but {names} still want a restart; look at `patronictl list --extended`")

    def restart_replicas(self):
        for member in self.pending(replicas(self.running())):
            self.restart(member)

    def restart(self, member):
        name = member["name"]
        say(f"restarting {name}")
        self.begun = True
        asked = []

        def restarted():
            # The answer to a request before this one may have been lost, or Patroni may have been busy.
            if asked and not self.pending([member]):
                return True
            asked.append(name)
            # The answer comes when Postgres is up again.
            self.rest.call("POST", "/restart", {}, url=member["api_url"], timeout=self.left())
            return True

        until(f"Patroni to restart {name}", min(PATIENCE_SECONDS, self.left()), restarted)
        self.report["restarted"].append(name)

        def back():
            members = self.members()
            return any(one["name"] == name for one in streaming(members)) or (
                (leader(members) or {}).get("name") == name
            )

        until(f"{name} to be back", self.left(), back)
        self.wait_until_seen()

    def switch_over(self, primary, candidate):
        self.begun = True
        move(self.rest, primary["name"], candidate["name"], self.left())
        self.report["switchover"] = {"from": primary["name"], "to": candidate["name"]}
        self.wait_until_seen()




def move(rest, source, target, seconds):
    """A switchover, done when the target leads and the old primary streams from it."""
    say(f"switching over from {source} to {target}")
    body = {"leader": source, "candidate": target}
    deadline = time.monotonic() + seconds

    def accepted():
        primary = leader(rest.cluster()["members"])
        if primary is None:
            return False
        # A request before this one may have been heard, and its answer late: Patroni ends it after 20 s.
        if primary["name"] == target:
            return True
        rest.call("POST", "/switchover", body, url=primary["api_url"], timeout=max(1.0, deadline - time.monotonic()))
        return True

    until("Patroni to accept the switchover", min(PATIENCE_SECONDS, seconds), accepted)

    def moved():
        members = rest.cluster()["members"]
        return (leader(members) or {}).get("name") == target and any(
            member["name"] == source for member in streaming(members)
        )

    until(f"{source} to stream from {target}", max(1.0, deadline - time.monotonic()), moved)
