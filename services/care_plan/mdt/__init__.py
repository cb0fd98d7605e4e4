"""The multidisciplinary team (MDT): cases before it, its meetings, the actions that its decisions leave."""
