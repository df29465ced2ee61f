"""What every room uses: formats, namespaces, sorted lines, processes, files."""
