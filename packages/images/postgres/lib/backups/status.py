"""What the repositories hold."""

from datetime import datetime, timezone

from . import proof_results


def instant(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(text):
    return datetime.fromisoformat(text).timestamp()


def backups_of(info, number):
    """The finished backups in a repository, the oldest first. pgBackRest lists no others."""
    return [one for one in info["backup"] if one["database"]["repo-key"] == number and not one.get("error")]


# pgBackRest's codes of a repository.
OK, NO_BACKUP = 0, 2


def is_usable(info, number):
    return any(one["key"] == number and one["status"]["code"] in (OK, NO_BACKUP) for one in info["repo"])


def taken(info, number):
    """By type, when the newest backup of that type was started. Those of a former database in a reused repository do not count."""
    current = max((one["id"] for one in info.get("db", []) if one["repo-key"] == number), default=None)
    found = {}
    for one in backups_of(info, number):
        if one["database"]["id"] == current:
            found[one["type"]] = max(found.get(one["type"], 0), one["timestamp"]["start"])
    return found


def read(pgbackrest, schedule):
    info = pgbackrest.info()
    proofs = proof_results.read()
    return {one.name: {**of_repository(info, one.number), **of_proof(proofs.get(one.name))} for one in schedule.repositories}


def of_proof(result):
    if result is None:
        return {}
    found = {"proved": result["at"], "proofSeconds": result.get("seconds"), "proofProblem": result.get("problem")}
    return {key: value for key, value in found.items() if value is not None}


def of_repository(info, number):
    backups = backups_of(info, number)
    full = [one for one in backups if one["type"] == "full"]
    archives = [one for one in info["archive"] if one["database"]["repo-key"] == number and one["max"]]
    problem = next((one["status"]["message"] for one in info["repo"] if one["key"] == number and one["status"]["code"] != 0), None)
    found = {
        "backups": len(backups),
        # A recovery is possible from the end of the oldest backup on.
        "oldest": instant(backups[0]["timestamp"]["stop"]) if backups else None,
        "lastBackup": instant(backups[-1]["timestamp"]["stop"]) if backups else None,
        "lastFull": instant(full[-1]["timestamp"]["stop"]) if full else None,
        # Of the newest backup with all that it needs.
        "bytes": backups[-1]["info"]["repository"].get("size", backups[-1]["info"]["repository"]["delta"]) if backups else 0,
        "databaseBytes": backups[-1]["info"]["size"] if backups else 0,
        "lastWal": archives[-1]["max"] if archives else None,
        "problem": problem,
    }
    return {key: value for key, value in found.items() if value is not None}
