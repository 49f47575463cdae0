"""What rechat is measured by, beside the tools that people would otherwise take.

`python -m benchmarks` runs all of it and writes `docs/benchmarks.md`.
"""
