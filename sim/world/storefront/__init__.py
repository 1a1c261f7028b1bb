"""What shoppers see, who they are, and whether they become orders."""
