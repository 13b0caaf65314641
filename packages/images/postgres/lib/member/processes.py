"""The processes of this container, as their command lines say."""

import glob


def command_lines():
    """Each process's id and words. Postgres puts a title in place of a child's: then it is one word."""
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                line = file.read()
        except OSError:
            continue  # it has ended meanwhile
        yield int(path.split("/")[2]), line.rstrip(b"\0").decode(errors="replace").split("\0")
