# shellcheck shell=sh
# What the entrypoint and pgharbor-apply need to know about etcd.
export PROGRAMS="etcd"

prepare_etcd() {
  chmod 0700 /var/lib/etcd 2>/dev/null || true # etcd warns about, and Kubernetes' fsGroup sets, group bits
  if [ -e "$CURRENT/auth.json" ]; then
    pgharbor-etcd-seed || fail "etcd: the store could not be made anew; trying again"
    # From a shell that is gone, so that etcd gets no child that it does not know. What fails may pass.
    (until pgharbor-etcd-auth; do sleep 10; done &)
  fi
  config=$(pgharbor-etcd-join)
}

run_etcd() {
  exec etcd --config-file "$config"
}

# etcd has no check option and cannot start twice on one data directory. What can be known beforehand: the file is there, it
# names this member, and the certificates it names can be read.
check_etcd() {
  [ -s "$1/etcd.yml" ] || {
    say "etcd.yml is missing or empty"
    return 1
  }
  grep -q '^name:' "$1/etcd.yml" || {
    say "etcd.yml: no top-level 'name:'"
    return 1
  }
  as_revision "$1/etcd.yml" "$1" | sed -nE "s/^ *(cert-file|key-file|trusted-ca-file): *[\"']?([^\"']*)[\"']?$/\2/p" | while read -r file; do
    [ -r "$file" ] || {
      say "etcd.yml names $file, which cannot be read"
      exit 1
    }
  done || return 1
  [ ! -e "$1/auth.json" ] || jq -e '.rootPassword and .user and .password and .prefix' "$1/auth.json" >/dev/null || {
    say "auth.json: rootPassword, user, password and prefix are needed"
    return 1
  }
}

# etcd reads certificates anew for each connection, and everything else only when it starts.
reload_etcd() {
  say "etcd takes certificates from the new revision at once, other settings when it is restarted"
  if [ -e "$CURRENT/auth.json" ]; then pgharbor-etcd-auth; fi
}
