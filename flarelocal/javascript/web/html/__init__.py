"""HTMLRewriter: pages changed on their way through."""
