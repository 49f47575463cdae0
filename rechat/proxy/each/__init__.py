"""One request for every upstream of its route: with `--each`, and for the list of their models."""
