"""The activity: one piece of planned work for one discipline."""
