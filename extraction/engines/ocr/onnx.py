"""ONNX Runtime sessions as every model here needs them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnxruntime


def session(model: Path) -> Any:
    """The model, ready to run on one thread of the CPU.

    Denormal numbers are taken as zero, for this whole process: activations fade into them, and the CPU then
    needs about a hundred times as long for the layers behind (a page's text detection falls from 1.3 to
    0.4 CPU seconds). ONNX Runtime heeds the setting in the process's first session only, so every session
    is made here.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
