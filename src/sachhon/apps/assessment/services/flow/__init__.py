"""The flow-sheet of a detailed assessment: editing, reading in, balancing, costing. A module an idea."""
