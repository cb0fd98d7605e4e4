"""Where messages arrive when nobody real is to be told: a text message gateway and a mail server of this machine."""
