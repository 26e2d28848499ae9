"""How the tables came to be, step by step. Run by `fieldpost migrate`; nothing else imports it."""
