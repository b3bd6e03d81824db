"""Memory per sender: what people corrected or confirmed once is proposed on the sender's next documents."""
