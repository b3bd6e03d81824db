"""Invented invoices and receipts as words with boxes, in many layouts and languages, to train on.

Nothing is drawn: a paper is a set of words at places, as a reader would find them. All names are made of
syllables; the same seed gives the same paper.
"""
