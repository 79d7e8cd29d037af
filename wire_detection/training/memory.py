"""How much memory this process and the GPUs use."""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)


def log_memory_usage(stage: str = "") -> dict[str, float]:
    """Log, at debug level, the memory in use by this process and by each GPU; return the figures in MB."""
    import psutil

    memory = psutil.virtual_memory()
    figures = {"process_mb": psutil.Process().memory_info().rss / 2**20, "available_mb": memory.available / 2**20}
    for gpu in _gpus():
        figures[f"gpu{gpu.id}_mb"] = float(gpu.memoryUsed)
    log.debug("memory %s: %s", stage, ", ".join(f"{name} {value:.0f}" for name, value in figures.items()))
    return figures


def _gpus() -> list:
    """What GPUtil sees; nothing where it cannot be imported or nvidia-smi fails."""
    try:
        import GPUtil

        return GPUtil.getGPUs()
    except (ImportError, ValueError, OSError):
        return []
