"""Wrong versions that were written blind, from the stubs alone, and the right files they edit."""
