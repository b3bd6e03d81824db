"""One module per subject of checks; each check is a function that writes sentences into the verdict."""
