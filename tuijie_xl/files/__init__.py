"""Files: reading any spreadsheet into a ``BookText``, writing plans, and workers for untrusted files.

Nothing is imported here, so that a worker process starts light: import ``files.reading``, ``files.writing``
or ``files.workers`` by name.
"""
