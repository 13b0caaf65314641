"""What a former primary has not archived.

A standby takes every WAL file that it receives for archived (PostgreSQL's walreceiver marks it `.done`). Where the primary is lost
before it has archived a file, its successor has that file and would never archive it: no recovery could pass the gap. So a member
that is promoted marks the files that no repository has as `.ready`. A file that arrives a second time does no harm.
"""

import os
import re
import time

from .pgbackrest import Failed, Pgbackrest, log

CONF = "/etc/pgharbor/current/pgbackrest.conf"
WAL = "/var/lib/postgresql/data/pgdata/pg_wal"
SEGMENT = re.compile(r"[0-9A-F]{24}")
# pgBackRest has a folder for each timeline and each 256 files: the first characters of their names.
FOLDER = 16
ASK_SECONDS = 30.0


def announce():
    if not os.path.exists(CONF):
        return
    received = segments_marked_done(os.listdir(f"{WAL}/archive_status"))
    present = archived(Pgbackrest(stanza(), CONF), {one[:FOLDER] for one in received})
    marked = [one for one in received if one not in present and mark(one)]
    if marked:
        log(f"{len(marked)} WAL files of the former primary are archived from here: {marked[0]} to {marked[-1]}")


def segments_marked_done(statuses):
    found = sorted(name[:-5] for name in statuses if name.endswith(".done"))
    return [one for one in found if SEGMENT.fullmatch(one)]


def mark(segment):
    status = f"{WAL}/archive_status/{segment}"
    if not os.path.exists(f"{WAL}/{segment}"):
        return False
    os.rename(f"{status}.done", f"{status}.ready")
    return True


def archived(pgbackrest, folders):
    """The segments in these folders of the archive that every repository has; none where nobody says."""
    end = time.monotonic() + ASK_SECONDS
    while True:
        try:
            info = pgbackrest.info()
            return set.intersection(*(in_repository(pgbackrest, info, one["key"], folders) for one in info["repo"]))
        except (Failed, ValueError) as failure:
            if time.monotonic() > end:
                log(f"{failure}; every WAL file is archived again")
                return set()
            time.sleep(1)


def in_repository(pgbackrest, info, number, folders):
    paths = [f"archive/{pgbackrest.stanza}/{one['id']}" for one in info["archive"] if one["database"]["repo-key"] == number]
    found = set()
    for path in paths:
        for folder in folders:
            found.update(name[:24] for name in pgbackrest.list(number, f"{path}/{folder}"))
    return found


def stanza():
    with open(CONF, encoding="utf-8") as file:
        sections = re.findall(r"^\[([^\]]+)\]$", file.read(), re.MULTILINE)
    return next(one for one in sections if one != "global")
