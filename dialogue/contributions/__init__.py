"""From a contribution received to its answer: deposit, import, sorting, analysis, answers (product.md, "Contributions")."""
