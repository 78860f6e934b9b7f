"""What is known of a project's examples, the real ones and those that were made up."""
