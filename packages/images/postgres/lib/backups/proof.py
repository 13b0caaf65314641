"""Proves that a repository can restore: the newest backup and the archive become a database, which is looked at and thrown away.

Nobody can connect to it but this program. What owners of databases wrote runs with no rights that they do not have: background workers are
off, and queries run as a role that can only read.
"""

import fcntl
import os
import re
import secrets
import shutil
import subprocess
import time

from . import proof_results, status
from .pgbackrest import Failed, Pgbackrest, log

CONF = "/etc/pgharbor/current/proof.conf"
FOLDER = "/var/lib/pgproof"
DATA = f"{FOLDER}/data"
TABLESPACES = f"{FOLDER}/tablespaces"
SERVER_LOG = f"{FOLDER}/postgresql.log"
SOCKET = "/run/pgharbor/proof"
SETTINGS = f"{SOCKET}/postgresql.conf"

# Recovery takes as long as it takes.
A_DAY = 86_400
POLL_SECONDS = 0.5
# The database grows while it recovers.
ROOM = 1.2

# The server refuses prepared transactions, and a standby connections, beyond the primary's values.
LIMITS = {
    "max_connections": "max_connections setting",
    "max_worker_processes": "max_worker_processes setting",
    "max_wal_senders": "max_wal_senders setting",
    "max_prepared_transactions": "max_prepared_xacts setting",
    "max_locks_per_transaction": "max_locks_per_xact setting",
}


class NotProven(Exception):
    """What is wrong with the backup, or with what it became."""


def prove(schedule, repository):
    """Restores, looks, throws away, and keeps the result, which it returns."""
    with open(f"{FOLDER}/.lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ValueError("another proof is under way") from error
        return prove_alone(schedule, repository)


def prove_alone(schedule, repository):
    result = {"at": status.instant(time.time())}
    try:
        result.update(try_to_prove(schedule, repository))
        log(f"repository {repository.name}: proved in {result['seconds']} s with backup {result['backup']}")
    except (NotProven, Failed, OSError) as error:
        result["problem"] = " ".join(str(error).split())
        log(f"repository {repository.name}: NOT PROVED: {result['problem']}")
    finally:
        stop()
        clear()
    proof_results.keep(repository.name, result)
    return result


def try_to_prove(schedule, repository):
    clear()
    pgbackrest = Pgbackrest(schedule.stanza, CONF)
    backup = newest(pgbackrest, repository)
    begun = time.monotonic()
    os.makedirs(DATA, mode=0o700)
    pgbackrest.run("restore", f"--repo={repository.number}", "--type=default", f"--tablespace-map-all={TABLESPACES}", level="warn")
    write_settings(schedule, repository)
    start()
    seconds = round(time.monotonic() - begun)
    check_structure()
    check_queries(schedule.proof.queries)
    stop()
    check_checksums()
    return {"seconds": seconds, "backup": backup["label"]}


def newest(pgbackrest, repository):
    backups = status.backups_of(pgbackrest.info(), repository.number)
    if not backups:
        raise NotProven("there is no backup yet")
    size, free = backups[-1]["info"]["size"], shutil.disk_usage(FOLDER).free
    if free < size * ROOM:
        raise NotProven(f"the database of {size >> 20} MiB does not fit into {FOLDER}, which has {free >> 20} MiB free")
    return backups[-1]


def write_settings(schedule, repository):
    # Settings of the restored cluster, and those that pgBackRest adds, would load libraries and name files that are not here.
    with open(f"{DATA}/postgresql.auto.conf", "w", encoding="utf-8"):
        pass
    os.makedirs(SOCKET, mode=0o700, exist_ok=True)
    with open(f"{SOCKET}/pg_hba.conf", "w", encoding="utf-8") as file:
        file.write("local all all trust\n")
    archive_get = f'pgbackrest --config={CONF} --stanza={schedule.stanza} --repo={repository.number} archive-get %f "%p"'
    settings = {
        "data_directory": DATA,
        "hba_file": f"{SOCKET}/pg_hba.conf",
        "listen_addresses": "",
        "unix_socket_directories": SOCKET,
        "unix_socket_permissions": "0700",
        "dynamic_shared_memory_type": "mmap",
        "hot_standby": "off",
        "archive_mode": "off",
        "autovacuum": "off",
        "max_logical_replication_workers": "0",
        "restore_command": archive_get,
        "recovery_target_timeline": "latest",
        **limits(),
    }
    with open(SETTINGS, "w", encoding="utf-8") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
    with open(f"{DATA}/recovery.signal", "w", encoding="utf-8"):
        pass


def limits():
    text = run("pg_controldata", DATA)
    found = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return {name: found[label].strip() for name, label in LIMITS.items()}


def start():
    """Starts the server, and waits until it has recovered: until then it refuses connections."""
    command = ["pg_ctl", "start", "--wait", f"--timeout={A_DAY}", "-D", DATA, "-l", SERVER_LOG, "-o", f"-c config_file={SETTINGS}"]
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    while True:
        try:
            ask("postgres", "postgres", "select 1")
            return
        except NotProven as error:
            if not runs():
                raise NotProven(f"PostgreSQL does not recover: {why_ended()}") from error
            time.sleep(POLL_SECONDS)


def runs():
    return subprocess.run(["pg_ctl", "status", "-D", DATA], stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


def why_ended():
    with open(SERVER_LOG, encoding="utf-8", errors="replace") as file:
        said = [line.strip() for line in file if re.search(r"\b(FATAL|PANIC|ERROR)\b", line) and "FATAL:  the database system is" not in line]
    return " / ".join(said[-3:]) or "no reason in its log"


def stop():
    if os.path.exists(f"{DATA}/postmaster.pid"):
        subprocess.run(["pg_ctl", "stop", "--wait", "--mode=fast", "-D", DATA], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)


def clear():
    for path in (DATA, TABLESPACES, SOCKET):
        shutil.rmtree(path, ignore_errors=True)
    if os.path.exists(SERVER_LOG):
        os.remove(SERVER_LOG)


def check_structure():
    """Every table and B-tree index, with PostgreSQL's amcheck."""
    run("pg_amcheck", "--all", "--install-missing", f"--host={SOCKET}", "--username=postgres", what="pg_amcheck found damage")


def check_checksums():
    run("pg_checksums", "--check", "-D", DATA, what="pages have other checksums")


def check_queries(queries):
    if not queries:
        return
    reader = f"pgharbor_proof_{secrets.token_hex(4)}"
    ask("postgres", "postgres", f"create role {reader} login bypassrls in role pg_read_all_data")
    for database in {query["database"] for query in queries}:
        quoted = '"' + database.replace('"', '""') + '"'
        ask("postgres", "postgres", f"grant connect on database {quoted} to {reader}")
    for query in queries:
        found = ask(query["database"], reader, query["sql"], "-c default_transaction_read_only=on")
        if found != query["expected"]:
            raise NotProven(f"database {query['database']}: {query['sql']}: expected {query['expected']}, got {found or 'nothing'}")


def ask(database, user, sql, options=""):
    """The first value of the first row, as PostgreSQL writes it."""
    arguments = ["-XAtq", f"--host={SOCKET}", f"--username={user}", f"--dbname={database}", "--field-separator=\x1f", "--set=ON_ERROR_STOP=1"]
    text = run("psql", *arguments, f"--command={sql}", what=f"database {database}: {sql}", env={**os.environ, "PGOPTIONS": options})
    return text.split("\n")[0].split("\x1f")[0]


def run(program, *options, what=None, env=None):
    ended = subprocess.run([program, *options], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", env=env, check=False)
    if ended.returncode != 0:
        lines = [line for line in (ended.stdout + ended.stderr).splitlines() if line.strip()]
        raise NotProven(f"{what or program}: {' / '.join(lines[:5])}")
    return ended.stdout
