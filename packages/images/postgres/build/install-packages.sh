#!/bin/sh
# install-packages.sh <major>: runs while the image is built.
set -eu
major="$1"
patroni_version=4.0.7

export DEBIAN_FRONTEND=noninteractive
apt-get update

# Patroni makes the cluster; the package must not.
mkdir -p /etc/postgresql-common
echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf

# python3-etcd and python3-dnspython: Patroni's etcd3 store imports both.
apt-get install -y --no-install-recommends \
  ca-certificates curl locales tini \
  "postgresql-$major" "postgresql-client-$major" "postgresql-$major-pgvector" pgbackrest \
  python3 python3-dateutil python3-dnspython python3-etcd python3-prettytable python3-psutil python3-psycopg2 \
  python3-urllib3 python3-yaml python3-click

# Quorum mode and `before_stop` need Patroni 4; an older Debian has 3.
if apt-cache show patroni | grep -q '^Version: 4\.'; then
  apt-get install -y --no-install-recommends patroni
else
  apt-get install -y --no-install-recommends python3-pip python3-venv
  python3 -m venv --system-site-packages /opt/patroni
  /opt/patroni/bin/pip install --no-cache-dir "patroni[etcd3]==$patroni_version"
  ln -s /opt/patroni/bin/patroni /opt/patroni/bin/patronictl /usr/local/bin/
  apt-get purge -y --auto-remove python3-pip python3-venv
fi

# Databases may ask for it; C.UTF-8 and ICU's are there without it.
echo 'en_US.UTF-8 UTF-8' >/etc/locale.gen
locale-gen

rm -rf /var/lib/apt/lists/* /etc/patroni /var/lib/postgresql /run/postgresql
