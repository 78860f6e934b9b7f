"""What people are shown and asked, what they answer, and what turned out to be true."""
