"""What people are asked, what they answer, and what turned out to be true."""
