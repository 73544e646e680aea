# Install rules of what is not a target of its own.
