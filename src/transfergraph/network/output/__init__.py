"""The network as page, picture, report and files for other programs."""
