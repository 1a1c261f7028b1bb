"""What steers a choice besides the money that is booked: one penalty or credit a class, each with its price."""
