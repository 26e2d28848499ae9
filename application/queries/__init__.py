"""What people look at: questions that change nothing, and the views that answer them."""
