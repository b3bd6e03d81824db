"""The words of the sample report, invented from first to last: `#` marks headings, blank lines part."""

from __future__ import annotations

SITES = ("Alderby", "Brinsop", "Carrow", "Dunmere", "Elmstow", "Farrant")

ABSTRACT = """\
Six small administrations scanned their incoming paper for twelve months and then tried to find it
again. We counted what went in, what came back, and how long people searched before they gave up.
The scanner was seldom the weak link; naming, filing and the patience of the person at the desk
mattered more."""

OPENING = """\
# 1 Introduction

An office that scans its post believes that it has stopped working with paper. In practice the paper
moves to a cellar and the questions stay where they were: which letter is the last one, who has
answered it, and is the amount on page two the same as the amount on page one? A picture of a letter
answers none of them.

This paper follows six offices of between nine and forty people. All of them bought a document
scanner in the same winter, and all of them agreed to let us count. We did not advise them, and we
did not choose their software.

## 1.1 Questions

We asked three things. How many pages are scanned in a year? How many of those can be found by
someone who was not there when they came in? And what does a failed search cost, measured in minutes
of the person who searches?

## 1.2 Method

Every second Tuesday a member of the office drew ten slips from a box. Each slip described one
document in the words of a caller: the sender, roughly when, and what it was about. A colleague then
had eight minutes to bring it to the screen.

### 1.2.1 What counts as found

A document counts as found when all of its pages are on the screen, in order and readable. A correct
folder with sixty unsorted files in it does not count, and neither does the paper original.

### 1.2.2 What we left out

Drawings larger than A3 and bound books were left out, because only two offices could scan them at
all. Mail that arrived as an attachment was counted only if somebody printed it and scanned it
again, which happened more often than anyone was willing to admit.

# 2 Results

The offices scanned very different amounts, as Figure 1 shows, and yet the share of pages that could
be found again differed less than we had expected."""

AFTER_FIGURE = """\
## 2.1 Scanned and found

Three habits explain most of the difference. Offices that gave a document its name on the day it
arrived found it again; offices that named in batches on Friday did not. Offices with one list of
senders did better than those in which everybody spelled as they liked. And where the date in the
file name was the date of the letter, not of the scan, searches were shorter by a third.

Table 1 gives the counts. The last column is the share of scanned pages that a colleague brought to
the screen within eight minutes."""

AFTER_TABLE = """\
## 2.2 The cost of a failed search

A successful search took two minutes and ten seconds in the median. A failed one took the full
eight, and in four cases out of ten a second person was asked for help, so that the office paid
twice. Nobody wrote this time down anywhere; it vanished into the day.

### 2.2.1 Invoices

Invoices were found most reliably, since somebody wants to be paid and will call again. The errors
here were of another kind: of the invoices that had been typed into a ledger by hand, one in forty
carried a wrong amount, most often with two digits exchanged.

### 2.2.2 Letters

Letters without a number fared worst. They are remembered by what they said, and none of the six
offices could search in what a letter said."""

CLOSING = """\
# 3 Discussion

It would be easy to conclude that the offices need better software. Some of them do. But the
cheapest change in our year was a sheet of card above the scanner in Carrow that read: sender, date
of the letter, one word. From the week in which it went up, searches in that office failed half as
often.

## 3.1 Limits

Six offices are few. They volunteered, so they were curious, and curious offices may be tidier than
others. The slips were drawn by the people we were watching. We believe that the direction of our
results is right, and we would not defend the second digit of any of them.

## 3.2 Next steps

In the coming year two of the offices will let a program read each page as it arrives, and let it
propose sender, date and amount. We will count how often a person has to correct it, and whether
that person still looks after the first hundred correct proposals."""

STYLE_OF = {"#": "h1", "##": "h2", "###": "h3"}


def parts(text: str) -> list[tuple[str, str]]:
    """The headings and paragraphs of `text` as pairs of style (h1, h2, h3, body) and words."""
    found = []
    for block in text.split("\n\n"):
        mark, _, rest = block.replace("\n", " ").partition(" ")
        style = STYLE_OF.get(mark, "body")
        found.append((style, f"{mark} {rest}" if style == "body" else rest))
    return found
