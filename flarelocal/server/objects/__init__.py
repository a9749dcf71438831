"""`/cdn-cgi/local/objects`: see and steer Durable Objects."""
