"""The user's Worker: loading its code, finding its entrypoints, running its handlers."""
