"""Where texts come from: what a provider of a model promises, and the one provider there is."""
