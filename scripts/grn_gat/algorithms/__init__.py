"""Methods that infer a network from expression alone: one file each; `_registry` finds them."""
