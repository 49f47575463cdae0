"""Questions asked by others: processes of this machine, or the workers of an engine."""
