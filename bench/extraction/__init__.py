"""Field extraction: predictions for a scorer, and the training of the models that ship."""
