"""What a person does about a miss."""
