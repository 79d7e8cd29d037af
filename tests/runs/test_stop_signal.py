"""Real signals sent to this process: raised at once, held back to the end of a step, and handlers put back."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from wire_detection.runs.stop_signal import SIGNALS, StopAfterStep, Stopped, stopping_at_once


def send(number: int) -> None:
    os.kill(os.getpid(), number)


@pytest.fixture(autouse=True)
def handlers_put_back():
    before = [signal.getsignal(number) for number in SIGNALS]
    yield
    assert [signal.getsignal(number) for number in SIGNALS] == before


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_at_once_means_wherever_the_program_is(number, code):
    reached = []
    with pytest.raises(Stopped, match=f"stopped by {signal.Signals(number).name}") as stop, stopping_at_once():
        send(number)
        reached.append("never")
    assert stop.value.exit_code == code and reached == [] and isinstance(stop.value, KeyboardInterrupt)


def test_after_the_step_the_check_raises(caplog):
    steps = []
    with pytest.raises(Stopped) as stop, caplog.at_level("INFO"), StopAfterStep() as stopping:
        stopping.check()
        steps.append("first")
        send(signal.SIGTERM)
        steps.append("second")
        stopping.check()
        steps.append("never")
    assert steps == ["first", "second"] and stop.value.exit_code == 143
    assert "SIGTERM: stopping after this step" in caplog.text


def test_without_a_check_the_end_of_the_block_raises():
    with pytest.raises(Stopped), StopAfterStep():
        send(signal.SIGINT)


def test_a_second_signal_stops_at_once():
    steps = []
    with pytest.raises(Stopped) as stop, StopAfterStep():
        send(signal.SIGTERM)
        steps.append("held back")
        send(signal.SIGINT)
        steps.append("never")
    assert steps == ["held back"] and stop.value.exit_code == 130


def test_an_error_of_the_step_is_not_hidden_by_the_signal():
    with pytest.raises(ZeroDivisionError), StopAfterStep():
        send(signal.SIGINT)
        raise ZeroDivisionError


def test_inside_the_other_block_a_signal_is_held_back_and_outside_of_it_is_not():
    steps = []
    with pytest.raises(Stopped), stopping_at_once():
        with pytest.raises(Stopped), StopAfterStep():
            send(signal.SIGINT)
            steps.append("held back")
        send(signal.SIGINT)
        steps.append("never")
    assert steps == ["held back"]


def test_another_thread_may_use_both_and_touches_no_handler():
    seen = []

    def work() -> None:
        with stopping_at_once(), StopAfterStep() as stopping:
            stopping.check()
            seen.append([signal.getsignal(number) for number in SIGNALS])

    before = [signal.getsignal(number) for number in SIGNALS]
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
