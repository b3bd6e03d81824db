"""`manage.py up` with small programs in place of Recto's own."""

import sys
from collections.abc import Mapping
from pathlib import Path

from config.embedded.log import Log
from config.embedded.processes import Program
from config.embedded.stack import Address, Stack
from config.embedded.up import UpOptions, run_up

WORKER = "import time; print('working', flush=True); time.sleep(600)"


def fake_stack(address: Address, env: Mapping[str, str], var: Path) -> Stack:
    """A file server with a file called health; steps that end with the exit codes in files of their names."""

    def python(name: str, *arguments: str) -> Program:
        return Program(name, (sys.executable, *arguments), env, var)

    def step(name: str) -> Program:
        return python(
            name, "-c", f"from pathlib import Path; raise SystemExit(int(Path({name!r}).read_text()))"
        )

    (var / "health").touch()
    server = python("web", "-m", "http.server", str(address.port), "--bind", address.host)
    return Stack(
        before=(step("migrate"),), running=(server, python("worker", "-c", WORKER)), demo=step("demo")
    )


if __name__ == "__main__":
    folder, port, *flags = sys.argv[1:]
    options = UpOptions(Path(folder), port=int(port), demo="demo" in flags, exit_after_demo="exit" in flags)
    sys.exit(run_up(options, Log(sys.stdout), fake_stack))
