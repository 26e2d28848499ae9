"""The world on both sides: inbound adapters call the application, outbound ones serve it."""
