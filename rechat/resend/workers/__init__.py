"""Questions asked by workers: processes of this machine, or those of an executor."""
