"""Whether the certificates of a folder of files can be used: keys belong to them, and the files of authorities are some.

Patroni's own check does not look at them, and Postgres would not start with a key of another certificate.
"""

import os
import ssl
import sys

folder = sys.argv[1]


def pair(name):
    # The empty password: without one it would ask the terminal for it.
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    return f"{name}.crt, {name}.key", lambda: server.load_cert_chain(f"{folder}/{name}.crt", f"{folder}/{name}.key", "")


def authorities(file):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    return file, lambda: server.load_verify_locations(f"{folder}/{file}")


def present(*files):
    """A member that is alone, as in a test of the image, has none of these."""
    return [file for file in files if os.path.exists(f"{folder}/{file}")]


for names, load in (
    pair("tls"),
    authorities("ca.crt"),
    *(pair("identity") for _ in present("identity.crt")),
    *map(authorities, present("rest-clients-ca.crt", "store-ca.crt")),
):
    try:
        load()
    except (OSError, ValueError) as error:
        sys.exit(f"pgharbor: {names}: {error}")
