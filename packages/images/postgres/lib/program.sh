# shellcheck shell=sh
# What the entrypoint and pgharbor-apply need to know about Patroni.
export PROGRAMS="patroni"
DATA=/var/lib/postgresql/data

prepare_patroni() {
  # An orchestrator may hand the volume over wider than Postgres accepts (fsGroup adds group bits).
  chmod 0700 "$DATA" 2>/dev/null || true
  if [ -d "$DATA/pgdata" ]; then chmod 0700 "$DATA/pgdata"; fi
  # Left by a killed container; no Postgres can be running yet. (Patroni itself copes with a stale postmaster.pid.)
  rm -f /run/postgresql/.s.PGSQL.*
}

run_patroni() {
  exec patroni "$CURRENT/patroni.yml"
}

# The validator's known false alarms, as of 4.0: it wants a boolean for synchronous_mode (`quorum` is a documented value), and
# it connects to the store and looks for the addresses, which need not be up while a file is checked.
check_patroni() {
  try=$(mktemp -d)
  as_revision "$1/patroni.yml" "$1" >"$try/patroni.yml"
  patroni --validate-config --ignore-listen-port "$try/patroni.yml" >"$try/log" 2>&1 || true
  grep -vE 'synchronous_mode .* (is not|should be)|is not reachable|unexpected error for host' "$try/log" >"$try/errors" || true
  rm -f "$try/patroni.yml"
  if [ -s "$try/errors" ]; then
    cat "$try/errors" >&2
    rm -rf "$try"
    return 1
  fi
  rm -rf "$try"
}

reload_patroni() {
  hang_up
}
