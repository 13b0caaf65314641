"""The files of the current configuration."""

import json
import os

import yaml

CURRENT = "/etc/pgharbor/current"


def path(name):
    return os.path.join(CURRENT, name)


def secret(name):
    with open(path(name), encoding="utf-8") as file:
        return file.read().strip()


def hooks():
    with open(path("hooks.json"), encoding="utf-8") as file:
        return json.load(file)


def patroni():
    """This member's own configuration, with the credentials; what only the first start reads is in other files."""
    # PyYAML's C loader: ten times faster, and this runs in hooks.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with open(path("patroni/00-member.yml"), encoding="utf-8") as file:
        return yaml.load(file, Loader=loader)
