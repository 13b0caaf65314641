# shellcheck shell=sh
# Sourced by pgharbor-entrypoint and pgharbor-apply.
CONF=/etc/pgharbor
CURRENT=$CONF/current
RUN=/run/pgharbor
# Which state of a mounted configuration the program runs with.
TAKEN=$RUN/mounted
export CONF CURRENT RUN TAKEN

say() {
  printf 'pgharbor: %s\n' "$*" >&2
}

fail() {
  say "$*"
  exit 1
}

wait_for_config() {
  [ -e "$CURRENT" ] || say "waiting for configuration in $CURRENT"
  while [ ! -e "$CURRENT" ]; do sleep 0.2; done
}

# The pid of the running program. The entrypoint writes it as its last act before it becomes the program, and removes an old
# one as its first: a pid file outlives a killed container, and its number may belong to something else by then.
program_pid() {
  pid=$(cat "$RUN/program.pid" 2>/dev/null) || return 1
  [ -d "/proc/$pid" ] || return 1
  printf '%s\n' "$pid"
}

# A hang-up reloads a program, but ends one that has not installed its handler yet: wait until the kernel says it catches it
# (signal 1 is the lowest bit of SigCgt).
hang_up() {
  pid=$(program_pid) || return 1
  tries=0
  until sed -n 's/^SigCgt:.*\(.\)$/\1/p' "/proc/$pid/status" 2>/dev/null | grep -q '[13579bdf]'; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || return 1
    sleep 0.1
  done
  kill -HUP "$pid"
}

# A copy of a file whose absolute paths lead into the revision under test. Rendered files name $CURRENT, because a program
# that resolves relative paths from its working directory would stay in the old revision.
as_revision() {
  sed "s#$CURRENT/#$2/#g" "$1"
}

# keep_running <command>: beside the program, started again when it ends. From a shell that is gone: PID 1 looks after it and ends it, and
# the program, which looks after no child that it does not know, gets none.
keep_running() {
  (while :; do "$@" || sleep 1; done &)
}

needs_file() {
  [ -s "$1/$2" ] || {
    say "$2 is missing or empty"
    return 1
  }
}

# The state of a mounted configuration: kubelet keeps the files of a Secret in a folder with a new name for each state, and
# moves the link `..data` to it in one step. Nothing where it is not mounted by kubelet.
mounted_state() {
  readlink "$CURRENT/..data" 2>/dev/null
}

# A mounted configuration may change without anyone telling us: a certificate is renewed. Whoever does tell is quicker.
follow_mount() {
  while sleep 10; do
    if [ "$(mounted_state)" = "$(cat "$TAKEN")" ]; then continue; fi
    # One that is refused is asked for again, but does not fill the log.
    pgharbor-apply --mounted || sleep 50
  done
}
