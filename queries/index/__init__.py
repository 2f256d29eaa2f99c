"""The path index on disk: the columns beside the arc table, where they come from, and what they say when evidence is left out.

`queries.path_index` is what others use.

>>> from queries.index.columns import pack_texts
>>> pack_texts(["IL4R"])[0]
b'IL4R'
"""

__all__: list[str] = []
