"""Fields of more than one value: tables as arrays of objects, lists, objects with labelled parts."""
