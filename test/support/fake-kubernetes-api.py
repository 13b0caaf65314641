"""One ConfigMap behind the API of Kubernetes, as far as the lease guard uses it: GET, and PATCH with a resourceVersion.

The ConfigMap is the file lock.json; what was asked is in requests.log, one JSON object a line. While the file `conflict` exists,
somebody else writes the lock just before each PATCH.
"""

import http.server
import json
import os
import ssl

PATH = "/api/v1/namespaces/ns/configmaps/shop-leader"
os.chdir("/tmp")


def load():
    with open("lock.json", encoding="utf-8") as file:
        return json.load(file)


def save(lock):
    lock["metadata"]["resourceVersion"] = str(int(lock["metadata"]["resourceVersion"]) + 1)
    with open("lock.next", "w", encoding="utf-8") as file:
        json.dump(lock, file)
    os.rename("lock.next", "lock.json")


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.log()
        if self.path == PATH and os.path.exists("lock.json"):
            self.answer(200, load())
        else:
            self.answer(404, {"kind": "Status", "message": "not found"})

    def do_PATCH(self):
        patch = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.log(patch)
        lock = load()
        if os.path.exists("conflict"):
            save(lock)
        if patch["metadata"]["resourceVersion"] != load()["metadata"]["resourceVersion"]:
            self.answer(409, {"kind": "Status", "message": "the object has been modified"})
            return
        for name, value in patch["metadata"]["annotations"].items():
            if value is None:
                lock["metadata"]["annotations"].pop(name, None)
            else:
                lock["metadata"]["annotations"][name] = value
        save(lock)
        self.answer(200, lock)

    def log(self, body=None):
        headers = {name: self.headers[name] for name in ("Authorization", "Content-Type")}
        with open("requests.log", "a", encoding="utf-8") as file:
            print(json.dumps({"method": self.command, "path": self.path, "body": body, **headers}), file=file)

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 6443), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("tls.crt", "tls.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
with open("api.pid", "w", encoding="utf-8") as pid:
    pid.write(str(os.getpid()))
server.serve_forever()
