"""What plans for antithrombotics decide: what asks for one and ends it, and what people say."""
