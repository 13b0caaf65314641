"""Takes each backup when it is due, one after the other: pgBackRest lets one run at a time."""

import re
import subprocess
import time

from . import proof_results, status
from .pgbackrest import Failed, Pgbackrest, log
from .schedule import Schedule, current_revision, due_type

POLL_SECONDS = 2.0
# Somebody else may take or expire backups, too.
LOOK_AGAIN_SECONDS = 600.0
FIRST_RETRY_SECONDS = 10.0
LONGEST_RETRY_SECONDS = 900.0

# FileInvalid and BackupMismatch: the repository has backups of a database with another system identifier.
ANOTHER_DATABASE = (28, 51)
# FormatError: what was deciphered with a wrong passphrase makes no sense.
WRONG_PASSPHRASE = 29


# An object store refuses the credentials, or has no such bucket. New ones may need some seconds to be known.
REFUSED = re.compile(r"HTTP request failed with 40[134]\b")
REFUSED_SECONDS = 30.0


class Hopeless(Failed):
    """What trying again does not change."""

    def __init__(self, text):
        super().__init__("repositories", 0, text)


class Retry:
    """Waits longer after each failure."""

    def __init__(self):
        self.seconds = 0.0
        self.not_before = 0.0

    def failed(self, now):
        self.seconds = min(LONGEST_RETRY_SECONDS, max(FIRST_RETRY_SECONDS, self.seconds * 2))
        self.not_before = now + self.seconds

    def succeeded(self):
        self.seconds, self.not_before = 0.0, 0.0


class Scheduler:
    def __init__(self, pgbackrest, schedule):
        self.pgbackrest = pgbackrest
        self.schedule = schedule
        self.has_stanza = False
        self.stanza_retry = Retry()
        self.proving = None
        self.begun = time.time()
        self.retries = {one.name: Retry() for one in schedule.repositories}
        self.taken = {}
        self.looked = None
        # By this machine's clock: those in the repository may be of another one that is slow.
        self.finished = {}

    def step(self):
        """Takes what is due. Never raises for what pgBackRest cannot do."""
        now = time.monotonic()
        if not self.has_stanza and now >= self.stanza_retry.not_before:
            self.try_stanza(now)
        if self.looked is None or now - self.looked > LOOK_AGAIN_SECONDS:
            self.look()
        for repository in self.schedule.repositories:
            if time.monotonic() >= self.retries[repository.name].not_before:
                self.try_backup(repository)
        self.prove_when_due()

    def prove_when_due(self):
        """In a process of its own, because it may take hours, and backups go on."""
        if self.proving is not None:
            if self.proving.poll() is None:
                return
            self.proving = None
        if self.schedule.proof is None or not any(self.taken.values()):
            return
        last = max([self.begun, *(status.seconds(one["at"]) for one in proof_results.read().values())])
        if last < self.schedule.proof.last_due(time.time()):
            log("the backups are proved")
            self.proving = subprocess.Popen(["pgharbor-backups", "prove"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def end_proof(self):
        if self.proving is not None and self.proving.poll() is None:
            self.proving.terminate()
            self.proving.wait()

    def try_stanza(self, now):
        try:
            create_stanza(self.pgbackrest, self.schedule)
            self.has_stanza = True
            self.looked = None
        except Failed as failure:
            self.stanza_retry.failed(now)
            self.looked = None
            log(f"{failure}; tried again in {self.stanza_retry.seconds:.0f} s")

    def look(self):
        try:
            info = self.pgbackrest.info()
        except Failed as failure:
            log(str(failure))
            return
        self.looked = time.monotonic()
        # One that cannot be used holds no other one up.
        usable = [one for one in self.schedule.repositories if status.is_usable(info, one.number)]
        self.taken = {one.name: status.taken(info, one.number) for one in usable}

    def try_backup(self, repository):
        if repository.name not in self.taken:
            return
        taken = {**self.taken[repository.name]}
        for kind, when in self.finished.get(repository.name, {}).items():
            taken[kind] = max(taken.get(kind, 0.0), when)
        started = time.time()
        kind = due_type(repository, taken, started)
        if kind is None:
            return
        retry = self.retries[repository.name]
        try:
            log(f"repository {repository.name}: a backup of type {kind} begins")
            self.pgbackrest.backup(repository.number, kind)
            self.finished.setdefault(repository.name, {})[kind] = started
            retry.succeeded()
            log(f"repository {repository.name}: the backup of type {kind} is complete")
        except Failed as failure:
            retry.failed(time.monotonic())
            log(f"repository {repository.name}: no backup of type {kind}: {failure}; tried again in {retry.seconds:.0f} s")
        self.look()


def create_stanza(pgbackrest, schedule):
    """Makes the repositories known to each other and the database; nothing where they are."""
    try:
        pgbackrest.run("stanza-create", level="warn")
    except Failed as failure:
        if failure.code == WRONG_PASSPHRASE:
            raise Hopeless("a repository was encrypted with another passphrase: set backupPassphrase to that one") from failure
        if failure.code not in ANOTHER_DATABASE:
            raise
        if not any(one.reuse for one in schedule.repositories):
            raise Hopeless("a repository has backups of another database: set reuse: true there to keep them beside the new ones") from failure
        log("the repositories have backups of a former database of this cluster, which stay")
        pgbackrest.run("stanza-upgrade", level="warn")


def wait_until_ready(pgbackrest, schedule, timeout):
    """Until a WAL file of the primary has arrived in every repository. Raises the last failure."""
    end = time.monotonic() + timeout
    refused = None
    while True:
        try:
            create_stanza(pgbackrest, schedule)
            pgbackrest.run("check", "--archive-timeout=30", level="warn")
            return
        except Hopeless:
            raise
        except Failed as failure:
            now = time.monotonic()
            if refused is None and REFUSED.search(str(failure)):
                refused = now
            if now > end or (refused is not None and now - refused > REFUSED_SECONDS):
                raise
            log(f"{failure}; tried again")
            time.sleep(POLL_SECONDS)


def serve():
    loaded, scheduler = None, None
    while True:
        revision = current_revision()
        if revision != loaded:
            try:
                schedule = Schedule.read()
                if scheduler is not None:
                    scheduler.end_proof()
                # Begins anew, for what failed may be corrected now: credentials are in another file than the schedule.
                loaded, scheduler = revision, Scheduler(Pgbackrest(schedule.stanza), schedule)
            except (OSError, ValueError, KeyError) as error:
                log(f"backups.json cannot be used: {error}")
        if scheduler is not None:
            scheduler.step()
        time.sleep(POLL_SECONDS)
