# shellcheck shell=sh
# Sourced after common.sh: etcd's JSON API, of this member and of the others. Bodies travel by standard input only.

AUTH=$CURRENT/auth.json
DATA=/var/lib/etcd/data
# In the volume: this data was part of a store that had a quorum.
ESTABLISHED=/var/lib/etcd/established

# In the volume, of the same form as seed.json: the data here is given up, because more than half of the members have lost theirs.
RESEED=/var/lib/etcd/reseed.json

# setting <key>: a value of etcd.yml without its quotes.
setting() {
  sed -nE "s/^$1: *[\"']?([^\"']*)[\"']?\$/\1/p" "$CURRENT/etcd.yml"
}

# The URL that this member is found by. etcd takes its own certificate for a client's, from the address that its name leads to.
own_url() {
  setting advertise-client-urls | sed 's/,.*//'
}

# The client URLs of all members, this one among them: peers differ in their port alone.
client_urls() {
  port=$(own_url | sed 's/.*://')
  setting initial-cluster | tr ',' '\n' | sed -E "s/^[^=]*=//; s/:[0-9]+\$/:$port/"
}

is_first() {
  [ "$(setting initial-cluster | sed 's/=.*//')" = "$(setting name)" ]
}

# What etcd looks at itself (wal.Exist).
has_data() {
  ls "$DATA"/member/wal/*.wal >/dev/null 2>&1
}

# call <url> <path> [curl options]: POSTs standard input, prints the answer. A refusal is {"code": …, "message": …}.
call() {
  to=$1/v3/$2
  shift 2
  curl --silent --show-error --max-time 10 --cacert "$CURRENT/store-ca.crt" --cert "$CURRENT/tls.crt" --key "$CURRENT/tls.key" \
    "$@" --data @- "$to"
}

message() {
  printf '%s' "$1" | jq -r 'if .code then .message else empty end'
}

# must <url> <path> [curl options]: the same, but a refusal other than "already there" ends it.
must() {
  refusal=$(message "$(call "$@")")
  case "$refusal" in
    '' | *'already exists'*) ;;
    *) fail "etcd $2: $refusal" ;;
  esac
}

# login <url> <jq filter of auth.json>: the token of a user, or nothing.
login() {
  jq "$2" "$AUTH" | call "$1" auth/authenticate | jq -r '.token // empty'
}

# The filters are for the scripts that source this.
# shellcheck disable=SC2034
PATRONI_USER='{name: .user, password: .password}'
ROOT_USER='{name: "root", password: .rootPassword}'

# as_root <url> <path>: a call with root's token. Without one where authentication is not on yet. The token is in no argument.
as_root() {
  header=$(mktemp)
  printf 'Authorization: %s\n' "$(login "$1" "$ROOT_USER")" >"$header"
  call "$1" "$2" --header "@$header" || {
    rm -f "$header"
    return 1
  }
  rm -f "$header"
}

# members <url>: the list, as the store agrees on it: nothing where there is no quorum.
members() {
  echo '{"linearizable": true}' | as_root "$1" cluster/member/list 2>/dev/null | jq -ce '.members // empty'
}

auth_is_on() {
  answer=$(echo '{}' | call "$1" auth/status)
  case "$(message "$answer")" in
    *'user name is empty'*) return 0 ;; # what it says to a caller without a token once it is on
  esac
  [ "$(printf '%s' "$answer" | jq -r '.enabled // false')" = true ]
}

# turn_auth_on <url>: root, Patroni's user confined to its prefix, authentication on. Each step may be there already from an
# attempt that was cut short; the passwords are then set anew.
turn_auth_on() {
  for user in "$ROOT_USER" "$PATRONI_USER"; do
    jq "$user" "$AUTH" | must "$1" auth/user/add
    jq "$user" "$AUTH" | must "$1" auth/user/changepw
    jq "$user | {name}" "$AUTH" | must "$1" auth/role/add
  done
  # A prefix is the range up to its successor: the last character plus one.
  jq '{name: .user, perm: {permType: "READWRITE", key: (.prefix | @base64),
    range_end: (.prefix | explode | .[-1] += 1 | implode | @base64)}}' "$AUTH" | must "$1" auth/role/grant
  jq '{user: .user, role: .user}' "$AUTH" | must "$1" auth/user/grant
  echo '{"user": "root", "role": "root"}' | must "$1" auth/user/grant
  echo '{}' | must "$1" auth/enable
  say "etcd: authentication is on"
}

has_quorum() {
  curl --silent --fail --max-time 2 --output /dev/null http://127.0.0.1:2381/health
}

wait_for_quorum() {
  tries=0
  until has_quorum; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || fail "etcd has had no quorum for 5 minutes"
    sleep 0.5
  done
}
