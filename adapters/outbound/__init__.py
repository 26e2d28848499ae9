"""What the application calls: each folder implements ports on one technology."""
