"""One request for every upstream of its route (`--each`)."""
