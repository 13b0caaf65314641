"""Who holds the leader lock. Not whom Postgres beside us takes for the primary: one that was frozen still takes itself for it."""

from . import files
from .rest import Rest, RestError

REST_SECONDS = 3


def holder():
    """The member that holds the lock, as the store says; None where nobody does, or nobody can tell."""
    try:
        return _leader_of(Rest().call("GET", "/cluster", timeout=REST_SECONDS))
    except RestError:
        return _asked_of_the_store()  # Patroni that stops has closed its interface already


def _leader_of(cluster):
    leaders = [member["name"] for member in cluster["members"] if member["role"] in ("leader", "standby_leader")]
    return leaders[0] if leaders else None


def _asked_of_the_store():
    # Only here, for all of it takes a while.
    from patroni.config import Config
    from patroni.dcs import get_dcs

    try:
        cluster = get_dcs(Config(files.path("patroni"))).get_cluster()
    except Exception:  # whatever it is: the store is not there
        return None
    return cluster.leader.name if cluster and cluster.leader else None
