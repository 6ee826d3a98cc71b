"""The pictures of the notebooks: how they look (`style`) and what they show, one module a kind."""
