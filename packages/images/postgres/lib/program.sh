# shellcheck shell=sh
# What the entrypoint and pgharbor-apply need to know about Patroni, and about backups.
export PROGRAMS="patroni backups repository"
DATA=/var/lib/postgresql/data

prepare_patroni() {
  # An orchestrator may hand the volume over wider than Postgres accepts (fsGroup adds group bits).
  chmod 0700 "$DATA" 2>/dev/null || true
  if [ -d "$DATA/pgdata" ]; then chmod 0700 "$DATA/pgdata"; fi
  # Left by a killed container; no Postgres can be running yet. (Patroni itself copes with a stale postmaster.pid.)
  rm -f /run/postgresql/.s.PGSQL.* "$RUN/backup-server.pid"
  keep_running pgharbor-member-watch
  keep_running pgharbor-backup-server
}

# Told to stop, Patroni ends its REST interface first, and then waits for running transactions: HAProxy would take the primary for
# dead in between, and cut them. So a primary hands over while all still works, and stops as a replica.
run_patroni() {
  # What connects to a member that is gone would wait two minutes for an answer, and stream from no other meanwhile.
  export PGCONNECT_TIMEOUT="${PGCONNECT_TIMEOUT:-10}"
  # A folder: Patroni merges the files in it, so that what matters at the first start only has a file of its own.
  patroni "$CURRENT/patroni" &
  patroni=$!
  printf '%s\n' "$patroni" >"$RUN/program.pid"
  trap 'trap "" TERM; pgharbor-patroni hand-over >&2 || true; kill -TERM "$patroni"' TERM
  # A trapped signal ends one wait, not Patroni.
  while :; do
    wait "$patroni" && status=0 || status=$?
    kill -0 "$patroni" 2>/dev/null || exit "$status"
  done
}

# The validator's known false alarms, as of 4.0: it wants a boolean for synchronous_mode (`quorum` is a documented value), and
# it connects to the store and looks for the addresses, which need not be up while a file is checked.
check_patroni() {
  needs_file "$1" patroni/00-member.yml || return 1
  python3 -IS /usr/local/lib/pgharbor/member/certificate.py "$1" || return 1
  try=$(mktemp -d)
  mkdir "$try/patroni"
  for file in "$1"/patroni/*.yml; do as_revision "$file" "$1" >"$try/patroni/${file##*/}"; done
  patroni --validate-config --ignore-listen-port "$try/patroni" >"$try/log" 2>&1 || true
  # Of a traceback (a file that is not YAML) only the error itself.
  sed -e '/^Traceback/,/^[A-Za-z_.]*\(Error\|Exception\)/{/^[A-Za-z_.]*\(Error\|Exception\)/!d}' "$try/log" |
    grep -vE 'synchronous_mode .* (is not|should be)|is not reachable|unexpected error for host|validation: \[Errno' >"$try/errors" || true
  rm -rf "$try/patroni"
  if [ -s "$try/errors" ]; then
    cat "$try/errors" >&2
    rm -rf "$try"
    return 1
  fi
  rm -rf "$try"
}

reload_patroni() {
  reload_backup_server
  hang_up
}

# The server for the host of the repositories runs beside Patroni while there are backups.
reload_backup_server() {
  pid=$(cat "$RUN/backup-server.pid" 2>/dev/null) && [ -d "/proc/$pid" ] || return 0
  if [ -e "$CURRENT/pgbackrest.conf" ]; then kill -HUP "$pid"; else kill -TERM "$pid"; fi
}

prepare_backups() {
  keep_running pgharbor-backups serve
}

prepare_repository() {
  :
}

run_backups() {
  exec pgbackrest --log-level-console=warn server
}

run_repository() {
  run_backups
}

check_backups() {
  needs_file "$1" pgbackrest.conf && pgharbor-backups check-files "$1"
}

check_repository() {
  needs_file "$1" pgbackrest.conf
}

reload_backups() {
  hang_up
}

reload_repository() {
  hang_up
}
