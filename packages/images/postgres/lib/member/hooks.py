"""What the hooks do. PAUSE waits for running transactions and then holds new ones; RESUME lets them go.

A hook acts only for the member that holds the leader lock. A primary that was frozen wakes up in the middle of anything, and by
then the poolers belong to another.
"""

import sys
import threading
import time

import psycopg2

from . import files, lock, servers

POLL_SECONDS = 0.05
# Once one gateway has reached the new primary, how long the others may take before they are taken for dead.
STRAGGLER_SECONDS = 2.0
# How old an answer about the leader lock may be when a pooler is paused. Less than what is left of a lease after any renewal.
FRESH_SECONDS = 1.0
# Patroni's words for the role of a leader, in its versions.
LEADING = ("primary", "master", "promoted")


class Superseded(psycopg2.Error):
    """Another member holds the leader lock."""


def log(text):
    print(f"pgharbor: {text}", file=sys.stderr, flush=True)


def guarded(action):
    try:
        action()
    except Exception as error:  # a hook that fails must not stop Patroni; say why and go on
        log(f"hook gave up: {type(error).__name__}: {str(error).strip()}")


def each_pooler(config, work, seconds, purpose):
    """Runs work(console) at every pooler at once; returns how many were through within the time, and how many there are.

    Not every gateway has a pooler at every port: where nothing listens there is none."""
    places = servers.poolers(config)
    finished, absent = [], []

    def one(address, port):
        try:
            work(servers.console(config, address, port, purpose))
            finished.append((address, port))
        except psycopg2.Error as error:
            if not isinstance(error, Superseded) and servers.nobody_listens(address, port):
                absent.append((address, port))
            else:
                log(f"{address} port {port}: {str(error).strip()}")

    threads = [threading.Thread(target=one, args=place, daemon=True) for place in places]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return len(finished), len(places) - len(absent)


def before_stop():
    config = files.hooks()
    if not servers.we_are_primary():
        return
    own = files.patroni()["name"]
    holder = lock.holder()
    if holder != own:
        log(f"{own} stops and does not hold the leader lock, which {holder or 'nobody'} has: poolers go on")
        return
    started = time.monotonic()

    def pause(console):
        # A pooler that was slow to answer, or we who were frozen: the lock may have gone meanwhile.
        if time.monotonic() - started > FRESH_SECONDS and lock.holder() != own:
            raise Superseded()
        console.cursor().execute("PAUSE")

    try:
        paused, poolers = each_pooler(config, pause, float(config["drainTimeoutSeconds"]), f"{own} stops")
        log(f"{own} stops: paused {paused} of {poolers} poolers in {time.monotonic() - started:.2f} s")
    finally:
        end_pause_of_another(config, own)


def end_pause_of_another(config, own):
    """What we have paused after another took the lock, nobody else would resume: its own hook is through."""
    holder = lock.holder()
    if holder in (None, own):
        return
    resumed, poolers = each_pooler(config, resume, float(config["drainTimeoutSeconds"]), f"{own} ends its pause")
    log(f"{own} has lost the leader lock to {holder} while it paused: resumed {resumed} of {poolers} poolers")


def resume(console):
    cursor = console.cursor()
    cursor.execute("SHOW STATE")
    if dict(cursor.fetchall())["paused"] == "yes":
        cursor.execute("RESUME")


def role_changed(role):
    if role not in LEADING:
        return
    config = files.hooks()
    started = time.monotonic()
    reached = wait_until_writable(config, started + float(config["resumeTimeoutSeconds"]))
    own = files.patroni()["name"]
    holder = lock.holder()
    if holder not in (None, own):
        log(f"{holder} holds the leader lock by now: poolers are left to it")
        return
    resumed, poolers = each_pooler(config, resume, float(config["drainTimeoutSeconds"]), f"{own} leads")
    log(
        f"primary reached through {reached} gateways, resumed {resumed} of {poolers} poolers "
        f"after {time.monotonic() - started:.2f} s"
    )


def wait_until_writable(config, deadline):
    """Until every gateway's HAProxy leads to a server that takes writes: Patroni calls us before their checks have moved, and
    a pooler resumed in between fails its first login and drops its clients. Returns how many did."""
    reached = set()
    first = None
    lock = threading.Lock()

    def poll(address):
        while time.monotonic() < deadline:
            if servers.is_writable(config, address):
                with lock:
                    reached.add(address)
                return
            time.sleep(POLL_SECONDS)

    gateways = servers.addresses(config["primaryHost"], config["primaryPort"])
    for address in gateways:
        threading.Thread(target=poll, args=(address,), daemon=True).start()
    while time.monotonic() < deadline and len(reached) < len(gateways):
        if reached and first is None:
            first = time.monotonic()
        if first is not None and time.monotonic() - first > STRAGGLER_SECONDS:
            break
        time.sleep(POLL_SECONDS)
    return len(reached)
