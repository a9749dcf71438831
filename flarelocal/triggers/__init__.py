"""From an event of the outside world or an engine to one invocation of a Worker."""
