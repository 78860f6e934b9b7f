"""Measurements behind the figures that the project claims, on real photos and beside full fine-tuning."""
