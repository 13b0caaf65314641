"""What the last proof of each repository said."""

import json
import os

FILE = "/var/lib/pgproof/results.json"


def read():
    try:
        with open(FILE, encoding="utf-8") as file:
            return json.load(file)
    except (FileNotFoundError, ValueError):
        return {}


def keep(repository, result):
    with open(f"{FILE}.new", "w", encoding="utf-8") as file:
        json.dump({**read(), repository: result}, file)
    os.replace(f"{FILE}.new", FILE)
