"""Whether the certificate of a folder of files can be served with: its key belongs to it, and the CA's file is one.

Patroni's own check does not look at them, and Postgres would not start with a key of another certificate.
"""

import ssl
import sys

folder = sys.argv[1]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
for names, load in (
    # The empty password: without one it would ask the terminal for it.
    ("tls.crt, tls.key", lambda: context.load_cert_chain(f"{folder}/tls.crt", f"{folder}/tls.key", "")),
    ("ca.crt", lambda: context.load_verify_locations(f"{folder}/ca.crt")),
):
    try:
        load()
    except (OSError, ValueError) as error:
        sys.exit(f"pgharbor: {names}: {error}")
