"""What the assessment room prints, a module an idea."""
