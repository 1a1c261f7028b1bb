"""What people see: tables, sentences, figures."""
