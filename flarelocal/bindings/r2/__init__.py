"""The binding of an R2 bucket: `env.MY_BUCKET`."""
