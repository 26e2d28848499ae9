"""Who calls the application: HTTP, consumers of queues, the command line, the web pages."""
