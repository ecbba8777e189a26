"""Full text the same on both databases: what was typed, the stems of a text, the test, the tables (docs/adr/0021)."""
