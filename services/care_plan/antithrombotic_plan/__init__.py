"""The plan for antithrombotics around a procedure: proposed, agreed with who prescribes them, signed for one date."""
