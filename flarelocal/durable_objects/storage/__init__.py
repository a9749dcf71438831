"""What one object stores: keys and values, SQL tables, its alarm."""
