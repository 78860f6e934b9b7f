"""What is peculiar to interactions: who took what and when, and from that the question what comes next."""
