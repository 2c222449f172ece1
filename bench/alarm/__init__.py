"""What the alarm is measured with: simulated floors, other rules, and experiments."""
