"""The verbs of a job, one file each."""
