"""backups.json: which backups are taken, and when."""

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter

CURRENT = "/etc/pgharbor/current"
FILE = "backups.json"

# pgBackRest's types. A backup of one type also does what the later ones would do.
TYPES = ("full", "diff", "incr")


@dataclass(frozen=True)
class Repository:
    name: str
    number: int
    expressions: dict
    zone: ZoneInfo
    reuse: bool

    def last_due(self, kind, now):
        """When a backup of this type was last due, as seconds since the epoch; `None` where the type is not taken."""
        expression = self.expressions.get(kind)
        if expression is None:
            return None
        return last_due(expression, self.zone, now)


@dataclass(frozen=True)
class Proof:
    expression: str
    zone: ZoneInfo
    queries: tuple

    def last_due(self, now):
        return last_due(self.expression, self.zone, now)


@dataclass(frozen=True)
class Schedule:
    stanza: str
    repositories: tuple
    proof: Proof | None

    @staticmethod
    def read(folder=CURRENT):
        with open(f"{folder}/{FILE}", encoding="utf-8") as file:
            document = json.load(file)
        schedule = Schedule(document["stanza"], tuple(repository(one) for one in document["repositories"]), proof(document.get("proof")))
        for one in schedule.repositories:
            for kind in TYPES:
                one.last_due(kind, 0)  # raises where an expression cannot be read
        if schedule.proof is not None:
            schedule.proof.last_due(0)
        return schedule


def last_due(expression, zone, now):
    local = datetime.fromtimestamp(now, zone) + timedelta(microseconds=1)
    return croniter(expression, local).get_prev(float)


def proof(document):
    if document is None:
        return None
    return Proof(document["expression"], ZoneInfo(document["timeZone"]), tuple(document["queries"]))


def current_revision(folder=CURRENT):
    """Changes with every new set of files."""
    try:
        with open(f"{folder}/revision", encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        # On Docker it is a link to the folder of the revision.
        return os.path.realpath(folder)


def repository(document):
    return Repository(document["name"], document["number"], document["schedule"], ZoneInfo(document["timeZone"]), document["reuse"])


def due_type(repository, taken, now):
    """The type of the backup that is due, or `None`.

    `taken`: by type, when the newest backup of that type was started. Deciding by what the repository holds, and not by a clock that
    runs, repeats a backup that was missed while this program was not there, or that failed.
    """
    if "full" not in taken:
        return "full"
    newest = 0.0
    for kind in TYPES:
        newest = max(newest, taken.get(kind, 0.0))
        last = repository.last_due(kind, now)
        if last is not None and newest < last:
            return kind
    return None
