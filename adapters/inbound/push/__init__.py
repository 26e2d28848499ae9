"""The push gateway: agents that stay connected, over TLS of its own or a WebSocket.

`Session` is one connection: the native state machine (native/PROTOCOL.md) and the use cases that
its events call. `TlsStream` and `PushSocket` carry its bytes, the `Gateway` holds what all
sessions share: bounds, deadlines, the drain. May import the application, the native library and,
for the certificate, cryptography.
"""
