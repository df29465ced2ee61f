"""What is known about one entity, and the pages around it, as HTML and RDF."""
