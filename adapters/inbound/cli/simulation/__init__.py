"""A simulated family, and clients that play it through the public calls like everybody else.

The model (`world`, `people`, `plans`, `days`, `live`, `history`, `story` and what they stand on)
is pure and seeded; only `recordings.load` reads files. The clients (`demo`, `load`, `stage`,
`household`, `player`, `answering`, `couriers`, `calls`) speak HTTP. Programs import `demo` for
`populate` and `live`, and `load` for `simulate`. Of the project it imports `domain`, and the
faults of `application`.
"""
