"""Field extraction: candidates → rank → check → calibrate, in pure Python."""
