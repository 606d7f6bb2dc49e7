"""`data/raw`: what each file is, where it comes from, and what in it must not be used as printed."""
