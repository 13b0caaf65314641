"""Runs pgBackRest. Its log goes to this program's, and the last error is what a failure says."""

import json
import re
import subprocess
import sys

# https://pgbackrest.org/release.html: backups of parts of files.
BLOCK_INCREMENTAL = (2, 46)

# pgBackRest tries each of four files so long.
ASK_SECONDS = 5

ERROR = re.compile(r"ERROR: \[(\d+)\]: ?(.*)")


class Failed(Exception):
    """What pgBackRest said, and its number of the error (0 where it gave none)."""

    def __init__(self, what, code, text):
        super().__init__(f"{what}: {text}")
        self.code = code


def log(text):
    print(f"pgharbor: {text}", file=sys.stderr, flush=True)


class Pgbackrest:
    def __init__(self, stanza, conf=None):
        self.stanza = stanza
        self.global_options = [f"--stanza={stanza}", *([] if conf is None else [f"--config={conf}"])]

    def run(self, command, *options, level="info"):
        """Runs a command and shows its log. Raises `Failed`."""
        line = ["pgbackrest", *self.global_options, f"--log-level-console={level}", "--log-level-stderr=off", *options, command]
        process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        errors, hints, code = [], [], 0
        for text in process.stdout:
            print(text, end="", file=sys.stderr, flush=True)
            found = ERROR.search(text)
            if found is not None:
                code = int(found[1])
                errors.append(found[2].strip())
            elif errors and text.startswith("  "):
                hints.append(text.strip())
        if process.wait() != 0:
            said = "; ".join([*errors, *hints]) or f"ended with {process.returncode}"
            raise Failed(f"pgbackrest {command}", code, said)

    def info(self):
        """The backups and the archive of this stanza in all repositories. One that does not answer is an error soon."""
        found = self.read("info", f"--io-timeout={ASK_SECONDS}")
        return found[0] if found else {"backup": [], "archive": [], "repo": [], "status": {"message": "no stanza"}}

    def list(self, number, path):
        """The names in a folder of a repository; none where there is no such folder."""
        return list(self.read("repo-ls", path, f"--repo={number}"))

    def read(self, *words):
        """Runs a command that prints JSON, without its log. Raises `Failed`."""
        line = ["pgbackrest", *self.global_options, "--log-level-console=off", "--output=json", *words]
        answer = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
        if answer.returncode != 0:
            raise Failed(f"pgbackrest {' '.join(words)}", answer.returncode, (answer.stderr or answer.stdout).strip())
        return json.loads(answer.stdout)

    def backup(self, number, kind):
        """Takes a backup, from a standby if there is one."""
        options = [f"--repo={number}", f"--type={kind}"]
        if version() >= BLOCK_INCREMENTAL:
            options.append(f"--repo{number}-block")
        try:
            self.run("backup", *options, "--backup-standby")
        except Failed as failure:
            if failure.code != NO_STANDBY or "standby" not in str(failure):
                raise
            log("there is no standby to copy: the primary is copied")
            self.run("backup", *options, "--no-backup-standby")


# DbConnectError, "unable to find standby cluster".
NO_STANDBY = 56


def version():
    text = subprocess.run(["pgbackrest", "version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in re.findall(r"\d+", text)[:2])
