"""E-invoices: the XML inside a PDF or by itself, read exactly and held against the page."""
