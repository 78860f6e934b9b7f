"""The audit of a project's data: findings, second opinions, and who answers for them."""
