"""What takes work from queues and clocks and hands it to the use cases."""
