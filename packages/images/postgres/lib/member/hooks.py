"""What the hooks do. PAUSE waits for running transactions and then holds new ones; RESUME lets them go."""

import sys
import threading
import time

import psycopg2

from . import files, servers

POLL_SECONDS = 0.05
# Once one gateway has reached the new primary, how long the others may take before they are taken for dead.
STRAGGLER_SECONDS = 2.0


def log(text):
    print(f"pgharbor: {text}", file=sys.stderr, flush=True)


def guarded(action):
    try:
        action()
    except Exception as error:  # a hook that fails must not stop Patroni; say why and go on
        log(f"hook gave up: {type(error).__name__}: {str(error).strip()}")


def each_pooler(config, work, seconds):
    """Runs work(console) at every pooler at once; returns how many were through within the time, and how many there are.

    Not every gateway has a pooler at every port: where nothing listens there is none."""
    places = servers.poolers(config)
    finished, absent = [], []

    def one(address, port):
        try:
            work(servers.console(config, address, port))
            finished.append((address, port))
        except psycopg2.Error as error:
            if servers.nobody_listens(address, port):
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
    started = time.monotonic()

    def pause(console):
        console.cursor().execute("PAUSE")

    paused, poolers = each_pooler(config, pause, float(config["drainTimeoutSeconds"]))
    log(f"paused {paused} of {poolers} poolers in {time.monotonic() - started:.2f} s")


def role_changed(role):
    if role not in ("primary", "master", "promoted"):
        return
    config = files.hooks()
    started = time.monotonic()
    reached = wait_until_writable(config, started + float(config["resumeTimeoutSeconds"]))

    def resume(console):
        cursor = console.cursor()
        cursor.execute("SHOW STATE")
        if dict(cursor.fetchall())["paused"] == "yes":
            cursor.execute("RESUME")

    resumed, poolers = each_pooler(config, resume, float(config["drainTimeoutSeconds"]))
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
