"""What pages compute themselves: an editor for queries, tables and pictures, a store in the browser."""
