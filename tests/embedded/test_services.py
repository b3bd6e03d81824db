import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from config.embedded.binaries import postgres_programs
from config.embedded.errors import DataDirInUseError, EmbeddedError
from config.embedded.postgres import PostgresServer
from config.embedded.processes import command_line
from config.embedded.services import Services, start_services

from .waiting import wait_until


def query(services: Services, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(services.database_url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def ping(url: str) -> bool:
    with redis.Redis.from_url(url) as client:
        return bool(client.ping())


def test_both_servers_start_and_answer(folder: Path) -> None:
    with start_services(folder / "data", durable=False) as services:
        names = {row[0] for row in query(services, "SELECT extname FROM pg_extension")}
        assert names >= {"pg_trgm", "unaccent", "btree_gin"}
        assert ping(services.redis_url)
        pids = [child.pid for child in services.children]
    assert not any(command_line(pid) for pid in pids)


def test_a_new_database_made_by_the_role_has_the_extensions(data: Path) -> None:
    with start_services(data, durable=False) as services:
        query(services, "CREATE DATABASE test_recto")
        url = services.database_url.removesuffix("recto") + "test_recto"
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT unaccent('é'), similarity('abc', 'abd')").fetchone()
    assert row is not None
    assert row[0] == "e"


def test_data_ports_and_passwords_stay_from_start_to_start(data: Path) -> None:
    with start_services(data, durable=True) as first:
        query(first, "CREATE TABLE kept AS SELECT 42 AS answer")
        with redis.Redis.from_url(first.redis_url) as client:
            client.set("kept", "yes")
    with start_services(data, durable=True) as second:
        assert (second.database_url, second.redis_url) == (first.database_url, first.redis_url)
        assert query(second, "SELECT answer FROM kept") == [(42,)]
        with redis.Redis.from_url(second.redis_url) as client:
            assert client.get("kept") == b"yes"


def test_passwords_are_required_and_kept_from_other_users(data: Path) -> None:
    with start_services(data, durable=False) as services:
        for url in (services.database_url, services.redis_url):
            password = url.partition("@")[0].rpartition(":")[2]
            assert not any(password in " ".join(command_line(child.pid)) for child in services.children)
            for wrong in (url.replace(password, "wrong"), url.replace(f":{password}", "")):
                with pytest.raises((psycopg.OperationalError, redis.AuthenticationError)):
                    _ = ping(wrong) if wrong.startswith("redis") else psycopg.connect(wrong)
        secret_files = [data / "passwords.json", data / "valkey" / "valkey.conf"]
        assert [stat.S_IMODE(path.stat().st_mode) for path in secret_files] == [0o600, 0o600]
        assert stat.S_IMODE((data / "postgres").stat().st_mode) == 0o700


def test_servers_listen_on_the_loopback_address_only(data: Path) -> None:
    with start_services(data, durable=False) as services:
        assert query(services, "SHOW listen_addresses") == [("127.0.0.1",)]
        with redis.Redis.from_url(services.redis_url) as client:
            assert client.config_get("bind") == {"bind": "127.0.0.1"}


def test_taken_ports_are_worked_around(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        taken = first.getsockname()[1], second.getsockname()[1]
        (folder / "data").mkdir()
        (folder / "data" / "ports.json").write_text(json.dumps({"postgres": taken[0], "valkey": taken[1]}))
        with start_services(folder / "data", durable=False) as services:
            assert query(services, "SELECT 1") == [(1,)]
            assert ping(services.redis_url)
            assert not {f":{port}/" for port in taken} & {f":{services.database_url.rpartition(':')[2]}"}
            assert json.loads((folder / "data" / "ports.json").read_text())["postgres"] not in taken


def test_a_server_named_by_the_environment_is_used_and_not_started(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/recto")
    with start_services(folder / "data", durable=False) as services:
        assert services.database_url == "postgres://elsewhere/recto"
        assert [child.program.name for child in services.children] == ["valkey"]


def test_one_data_folder_serves_one_process(data: Path) -> None:
    with start_services(data, durable=False), pytest.raises(DataDirInUseError):
        start_services(data, durable=False)


def test_data_of_another_major_version_is_refused(data: Path) -> None:
    (data / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match="is of Postgres 17"):
        start_services(data, durable=False)


def test_a_lost_password_file_is_explained(data: Path) -> None:
    (data / "passwords.json").unlink()
    with pytest.raises(EmbeddedError, match=r"passwords\.json is missing"):
        start_services(data, durable=False)


def test_a_pid_file_naming_another_program_does_not_stop_the_start(data: Path) -> None:
    pid_file = data / "postgres" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n")
    with start_services(data, durable=False) as services:
        assert query(services, "SELECT 1") == [(1,)]


def test_servers_left_behind_are_stopped_and_keep_their_rows(data: Path) -> None:
    with start_services(data, durable=True) as services:
        query(services, "CREATE TABLE kept AS SELECT generate_series(1, 500)")
        programs = [child.program for child in services.children]
    orphans = [
        subprocess.Popen(
            program.argv,
            cwd="/",
            user=program.uid,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for program in programs
    ]
    wait_until((data / "postgres" / "postmaster.pid").exists)
    wait_until((data / "valkey" / "valkey.pid").exists)
    with start_services(data, durable=True) as services:
        assert [orphan.wait(5) for orphan in orphans] == [0, 0]
        assert query(services, "SELECT count(*) FROM kept") == [(500,)]
        assert len(services.notes) == 2


def test_rows_survive_a_killed_postgres(data: Path) -> None:
    with start_services(data, durable=True) as services:
        query(services, "CREATE TABLE kept AS SELECT generate_series(1, 500)")
        with psycopg.connect(services.database_url):
            os.kill(services.children[0].pid, signal.SIGKILL)
    with start_services(data, durable=True) as services:
        assert query(services, "SELECT count(*) FROM kept") == [(500,)]


def test_a_killed_parent_leaves_no_server_behind(data: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from config.embedded.services import start_services\n"
        "services = start_services(Path(sys.argv[1]), durable=False)\n"
        "print(services.database_url, *(child.pid for child in services.children), flush=True)\n"
        "time.sleep(60)"
    )
    argv = [sys.executable, "-c", code, str(data)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        url, *pids = parent.stdout.readline().split()
        with psycopg.connect(url):  # an idle client must not keep Postgres alive
            parent.kill()
            wait_until(lambda: not any(command_line(int(pid)) for pid in pids))


def test_a_start_cut_short_leaves_no_half_made_database(folder: Path) -> None:
    (folder / "data" / "postgres.new").mkdir(parents=True)
    (folder / "data" / "postgres.new" / "PG_VERSION").write_text("18\n")
    with start_services(folder / "data", durable=False) as services:
        assert query(services, "SELECT 1") == [(1,)]


def test_a_server_that_cannot_start_says_why(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.embedded.postgres._SETTINGS", {"max_connections": "nonsense"})
    monkeypatch.setattr("config.embedded.services.ATTEMPTS", 1)
    with pytest.raises(EmbeddedError, match="nonsense"):
        start_services(data, durable=False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers change to another user")
def test_roots_servers_leave_a_private_home(
    folder: Path, fallback_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = folder / "private home"
    home.mkdir(mode=0o700)
    monkeypatch.setattr("config.embedded.binaries.can_reach", lambda path, uid: False)
    with start_services(home / "data", durable=False) as services:
        assert query(services, "SELECT 1") == [(1,)]
        assert ping(services.redis_url)
        assert all(str(fallback_root) in child.program.argv[0] for child in services.children)
        assert any(str(fallback_root) in note for note in services.notes)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert not (home / "data" / "postgres").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers change to another user")
def test_data_behind_a_door_closed_later_is_not_replaced_by_an_empty_database(
    folder: Path, data: Path, fallback_root: Path
) -> None:
    folder.chmod(0o700)
    with pytest.raises(EmbeddedError, match="closed to others"):
        start_services(data, durable=False)


def test_the_program_is_stopped_when_it_never_becomes_ready(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.embedded.services.ATTEMPTS", 1)
    monkeypatch.setattr("config.embedded.services.READY_TIMEOUT_S", 0.2)
    monkeypatch.setattr(PostgresServer, "is_ready", lambda self: False)
    started_at = time.monotonic()
    with pytest.raises(EmbeddedError, match="postgres does not start"):
        start_services(data, durable=False)
    assert time.monotonic() - started_at < 15
    assert not (data / "postgres" / "postmaster.pid").exists()


def test_the_wheel_holds_the_programs() -> None:
    assert (postgres_programs() / "initdb").exists()
