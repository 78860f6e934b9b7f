"""The web face: pages for people, an API for programs."""
