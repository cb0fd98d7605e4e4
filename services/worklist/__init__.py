"""One live queue per discipline, built from facts. Clinical state is never owned here."""
