"""What ontology and shapes say: the lists of terms of tables, and how classes and properties are shown."""
