"""Real Postgres and Valkey from Python wheels, and the supervisor behind `manage.py up`.

Nothing in here imports Django: the servers have to run before settings can be read.
"""
