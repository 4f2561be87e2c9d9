"""What the demo received: a raw mail as it came, and what it was filed as."""
