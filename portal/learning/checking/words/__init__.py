"""Word lists of the answer checker: data files, and `build`, the script that makes them."""
