"""What the software itself is made of: versions, hashes, advisories, a bill of materials."""
