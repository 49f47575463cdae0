"""`python -m rechat`."""

from rechat.cli import main

main()
