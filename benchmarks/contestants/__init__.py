"""What is measured, each a module that is run as a process of its own and does its work once."""
