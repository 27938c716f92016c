import signal
import socket
import sys

import pytest

from tests.process import RunningPortal, eventually, is_running, kill


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_server_and_worker_stop_together_when_told(portal: RunningPortal, how: signal.Signals):
    portal.start()
    family = portal.main_server() + portal.servers() + portal.workers()

    assert len(family) == 4
    assert portal.stop(how) == 0
    assert [pid for pid in family if is_running(pid)] == []


def test_a_killed_server_process_is_started_again(portal: RunningPortal):
    portal.start()
    before = portal.servers()
    kill(before[0])

    assert eventually(lambda: before[0] not in portal.servers() and len(portal.servers()) == len(before))
    assert eventually(portal.answers)
    assert portal.stop() == 0


def test_a_killed_worker_is_started_again(portal: RunningPortal):
    portal.start()
    (before,) = portal.workers()
    kill(before)

    assert eventually(lambda: portal.workers() not in ([], [before]))
    assert portal.answers()


def test_everything_ends_when_the_server_is_killed(portal: RunningPortal):
    portal.start()
    family = portal.main_server() + portal.servers() + portal.workers()
    kill(portal.main_server()[0])

    assert portal.ended() != 0
    assert [pid for pid in family if is_running(pid)] == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent was killed")
def test_nothing_outlives_a_killed_supervisor(portal: RunningPortal):
    portal.start()
    family = portal.main_server() + portal.servers() + portal.workers()
    kill(portal.supervisor)

    assert eventually(lambda: not any(is_running(pid) for pid in family))


def test_a_taken_port_is_named_in_one_plain_sentence(portal: RunningPortal):
    with socket.create_server(("127.0.0.1", portal.port)):
        done = portal.flask("serve", "--port", str(portal.port))

    assert done.returncode == 1
    assert done.stderr.startswith(f"Relevo cannot use 127.0.0.1:{portal.port} (address already in use).")
    assert "Traceback" not in done.stderr
