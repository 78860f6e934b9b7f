"""What is known of a project's examples, and what becomes one: answers of people, and what was made up."""
