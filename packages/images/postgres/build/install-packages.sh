#!/bin/sh
# install-packages.sh <major>: runs while the image is built.
set -eu
major="$1"
PATRONI_SUITE=trixie

export DEBIAN_FRONTEND=noninteractive
apt-get update

# Patroni makes the cluster; the package must not.
mkdir -p /etc/postgresql-common
echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf

# python3-etcd and python3-dnspython: Patroni's etcd3 store imports both.
apt-get install -y --no-install-recommends \
  ca-certificates curl locales tini \
  "postgresql-$major" "postgresql-client-$major" pgbackrest \
  python3 python3-dateutil python3-dnspython python3-etcd python3-prettytable python3-psutil python3-psycopg2 \
  python3-urllib3 python3-yaml python3-click python3-croniter tzdata

# Not every release of Debian has it; a database that asks for the extension then hears so from Postgres.
if apt-cache show "postgresql-$major-pgvector" >/dev/null 2>&1; then
  apt-get install -y --no-install-recommends "postgresql-$major-pgvector"
fi

# Debian leaves these to superusers, whom nobody can log in as from outside. They read no file and run no program, so the owner
# of a database may have them. https://www.postgresql.org/docs/17/extend-extensions.html#EXTEND-EXTENSIONS-FILES-TRUSTED
for extension in vector pg_stat_statements; do
  control="/usr/share/postgresql/$major/extension/$extension.control"
  [ ! -f "$control" ] || echo 'trusted = true' >>"$control"
done

# Quorum mode needs Patroni 4; an older Debian has 3. The next release's is a pure Python package that runs here too: it, and
# the one it needs that is not here, are all that may come from there.
if ! apt-cache show patroni | grep -q '^Version: 4\.'; then
  here=$(. /etc/os-release && echo "$VERSION_CODENAME")
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    [ -f "$file" ] || continue
    sed "s/\b$here\b/$PATRONI_SUITE/g" "$file" >"/etc/apt/sources.list.d/newer-$(basename "$file")"
  done
  cat >/etc/apt/preferences.d/newer <<PREFERENCES
Package: *
Pin: release n=$PATRONI_SUITE*
Pin-Priority: -1

Package: patroni python3-ydiff ydiff
Pin: release n=$PATRONI_SUITE
Pin-Priority: 990
PREFERENCES
  apt-get update
fi
apt-get install -y --no-install-recommends patroni
patroni --version | grep -q ' 4\.' || {
  echo "Patroni 4 is needed, got $(patroni --version)" >&2
  exit 1
}

# Databases may ask for it; C.UTF-8 and ICU's are there without it.
echo 'en_US.UTF-8 UTF-8' >/etc/locale.gen
locale-gen

# On a node that keeps huge pages for others, the first touch of one ends initdb and Postgres with SIGBUS. Who has asked for some
# sets the parameter.
sample=/usr/share/postgresql/$major/postgresql.conf.sample
sed -i 's/^#huge_pages = try/huge_pages = off/' "$sample"
grep -q '^huge_pages = off' "$sample"

rm -rf /var/lib/apt/lists/* /etc/apt/preferences.d/newer /etc/apt/sources.list.d/newer-* /etc/patroni /var/lib/postgresql /run/postgresql
