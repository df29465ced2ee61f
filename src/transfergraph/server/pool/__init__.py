"""Worker processes: started, scheduled, killed; and the release that they serve."""
