"""Patroni's REST API, of this member and of the others."""

import base64
import http.client
import ipaddress
import json
import socket
import ssl
from urllib.parse import urlsplit

from . import files


class RestError(Exception):
    """An answer that is not a success, or none."""


class _Connection(http.client.HTTPSConnection):
    """HTTPS to one address with the certificate checked against another name."""

    def __init__(self, address, port, name, context, timeout):
        super().__init__(address, port, context=context, timeout=timeout)
        self._name = name
        self._tls = context

    def connect(self):
        plain = socket.create_connection((self.host, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self._name)


class Rest:
    def __init__(self):
        self.config = files.patroni()
        restapi, ctl = self.config["restapi"], self.config.get("ctl", {})
        self._context = ssl.create_default_context(cafile=ctl.get("cacert") or files.path("ca.crt"))
        # Python's own addition since 3.13, which refuses what libpq and HAProxy take: certificates that people bring along.
        self._context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if ctl.get("certfile"):
            self._context.load_cert_chain(ctl["certfile"], ctl["keyfile"])
        login = restapi.get("authentication")
        self._headers = {"Content-Type": "application/json"}
        if login:
            pair = f"{login['username']}:{login['password']}".encode()
            self._headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
        self.own_url = f"https://{restapi['connect_address']}/patroni"

    def _connection(self, url, timeout):
        parts = urlsplit(url)
        port = parts.port or 8008
        if parts.netloc == urlsplit(self.own_url).netloc:
            # Ourselves: no name needs to resolve to reach us.
            return _Connection("127.0.0.1", port, self._name_of(parts.hostname), self._context, timeout)
        return _Connection(parts.hostname, port, self._name_of(parts.hostname), self._context, timeout)

    def _name_of(self, host):
        """An address is in no certificate; the cluster's own name is in all of them."""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return host
        return files.hooks().get("tlsServerName", host)

    def call(self, method, path, body=None, url=None, timeout=10, accept=(200,)):
        """Returns the parsed JSON answer, or its text where it is none."""
        base = url or self.own_url
        try:
            connection = self._connection(base, timeout)
            try:
                content = None if body is None else json.dumps(body)
                connection.request(method, path, content, self._headers)
                answer = connection.getresponse()
                text = answer.read().decode()
            finally:
                connection.close()
        except (OSError, http.client.HTTPException) as error:
            raise RestError(f"{urlsplit(base).netloc}{path}: {error}") from error
        if answer.status not in accept:
            raise RestError(f"{urlsplit(base).netloc}{path}: HTTP {answer.status}: {text.strip()}")
        try:
            return json.loads(text)
        except ValueError:
            return text

    def cluster(self):
        return self.call("GET", "/cluster")

    def member(self, url=None):
        # 503 is how a member that is not up answers, with its state all the same.
        return self.call("GET", "/patroni", url=url, accept=(200, 503))

    def get_config(self):
        return self.call("GET", "/config")
