"""Where texts come from: the interface of a provider of models, and the one provider there is."""
