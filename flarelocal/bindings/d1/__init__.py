"""The binding of a D1 database: `env.MY_DB`."""
