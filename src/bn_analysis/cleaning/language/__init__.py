"""Words, numbers and names as offices write them → what they mean."""
