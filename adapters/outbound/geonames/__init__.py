"""Towns of the world from GeoNames, as a library brings them along.

`gazetteer` is the port's adapter; the rest is what it is made of.
"""
