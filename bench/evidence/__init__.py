"""The simulations that could prove the guarantees of a launch review false: `make bench-evidence`.

Every decision in them is made by the product's own code: worlds are drawn here, and judged there.
"""
