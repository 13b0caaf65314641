# shellcheck shell=sh
# What the entrypoint and pgharbor-apply need to know about HAProxy and PgBouncer.
export PROGRAMS="haproxy pgbouncer"
MASTER="$RUN/haproxy/master.sock"
ADMIN="$RUN/haproxy/admin.sock"
# haproxy.cfg loads it (server-state-file): what the old worker knows of its servers. Without it a new one takes every server
# for up until its first checks, and sends clients to members that cannot serve them.
STATE="$RUN/haproxy/servers.state"

# In a pod $RUN is an empty volume, and sockets one of its own, which the containers share.
make_folders() {
  (umask 027 && mkdir -p "$RUN/haproxy" "$RUN/pgbouncer" "$RUN/sockets")
}

prepare_haproxy() {
  make_folders
  rm -f "$STATE" # of an earlier life: it may name a former primary
  keep_running pgharbor-former-workers
}

# The master re-executes itself on a reload with these arguments: the path must stay valid, hence the link.
run_haproxy() {
  exec haproxy -W -db -S "$MASTER,mode,600" -f "$CURRENT/haproxy.cfg"
}

# haproxy.cfg says `default-path config`, for files beside it: the copy that is checked names their folder instead.
check_haproxy() {
  needs_file "$1" haproxy.cfg || return 1
  try=$(mktemp -d)
  as_revision "$1/haproxy.cfg" "$1" | sed "s#^\([[:space:]]*default-path[[:space:]]*\)config#\1origin $1#" >"$try/haproxy.cfg"
  result=0
  said=$(haproxy -c -f "$try/haproxy.cfg" 2>&1) || {
    printf '%s\n' "$said" | sed "s#$try/##g; s#$1/##g" >&2
    result=1
  }
  rm -rf "$try"
  return "$result"
}

# A program that has just become HAProxy has no socket yet, or one of an earlier life that nobody listens at.
master_answers() {
  tries=0
  until printf 'show version\n' | socat -t 5 - "UNIX-CONNECT:$MASTER" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] && program_pid >/dev/null || return 1
    sleep 0.1
  done
}

# Through the master's socket rather than SIGUSR2, because it answers whether the new worker came up: a port that is taken
# passes `haproxy -c`. Sessions stay with the old worker, bounded by hard-stop-after, and pgharbor-former-workers cuts those to a
# member that is down.
reload_haproxy() {
  master_answers || return 1
  printf 'show servers state\n' | socat -t 5 - "UNIX-CONNECT:$ADMIN" >"$STATE" || rm -f "$STATE"
  answer=$(printf 'reload\n' | socat -t 60 - "UNIX-CONNECT:$MASTER") || return 1
  case "$answer" in
    Success=1*) ;;
    *)
      printf '%s\n' "$answer" >&2
      return 1
      ;;
  esac
}

prepare_pgbouncer() {
  make_folders
  rm -f "$RUN/pgbouncer/answered" # of an earlier life: the health check would take it for this one's answer
  keep_running pgharbor-watchdog
}

run_pgbouncer() {
  exec pgbouncer "$CURRENT/pgbouncer.ini"
}

# Standard input with what must not collide with the running one overridden at the end of its section. A second section of the
# same name would not do: PgBouncer sets everything back to its defaults there.
privately() {
  awk -v folder="$1" '
    function end_section() {
      if (inside) print "listen_addr =\nunix_socket_dir = " folder "\nso_reuseport = 0\nlogfile =\npidfile ="
      inside = 0
    }
    /^[ \t]*\[/ { end_section(); inside = /\[pgbouncer\]/ }
    { print }
    END { end_section() }'
}

# PgBouncer has no check option: a second one starts with these files on a private socket and is stopped again.
check_pgbouncer() {
  needs_file "$1" pgbouncer.ini || return 1
  try=$(mktemp -d)
  as_revision "$1/pgbouncer.ini" "$1" | privately "$try" >"$try/pgbouncer.ini"
  # It must not outlive us, even if we are ended meanwhile. A busy machine may need much of this time until its socket is open.
  timeout -s KILL 15 pgbouncer "$try/pgbouncer.ini" >"$try/log" 2>&1 &
  pid=$!
  result=1
  while kill -0 "$pid" 2>/dev/null; do
    if [ -n "$(find "$try" -name '.s.PGSQL.*' -type s)" ]; then
      result=0
      break
    fi
    sleep 0.1
  done
  # What it only complains about (an unreadable auth_file, a bad line) would go wrong later: errors refuse.
  # A line of the hba file that it does not understand is left out, with a warning: it may have been one that refuses.
  if grep -qE ' (ERROR|FATAL) |WARNING .*hba' "$try/log"; then result=1; fi
  kill -QUIT "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  [ "$result" = 0 ] || grep -vE ' (LOG|DEBUG|NOISE) ' "$try/log" >&2
  rm -rf "$try"
  return "$result"
}

reload_pgbouncer() {
  hang_up
}
