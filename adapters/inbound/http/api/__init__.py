"""The dashboard API: Litestar controllers that translate between JSON and use cases."""
