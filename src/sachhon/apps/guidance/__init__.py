"""The library that assessments draw on: options, checklists, benchmarks, with versions that two people agreed on."""
