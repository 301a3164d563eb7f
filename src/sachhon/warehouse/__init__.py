"""Roll-ups over columns: Parquet snapshots of the facts, and the figures of the province's report.

`schema` says which tables there are, `publish` writes and opens a snapshot, `rollup` computes figures.
Knows tables and expressions, not Django; it is never written back to the operational store.
"""
