import time
from collections.abc import Callable


def wait_until(condition: Callable[[], object], timeout_s: float = 15.0) -> None:
    """Return once `condition` is true; fail the test when it does not become true in time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.02)
