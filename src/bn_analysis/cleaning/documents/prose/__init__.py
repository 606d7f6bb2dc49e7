"""Sentences → the rates they state: a small vocabulary, clauses, and rules that carry what a clause leaves unsaid."""
