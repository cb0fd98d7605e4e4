"""How often somebody who may be called has replied with a wrong code."""
