"""Batches made in other processes, spawned rather than forked: a forked copy of a program with threads may hang."""

from __future__ import annotations

import os
import signal
import traceback
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.reduction import ForkingPickler

from ..errors import WorkerError
from .batches import Batch, Batches

_PATIENCE = 5.0  # seconds for the batch that a worker is at when it is to end
_ORDERS = 4  # epochs that one worker goes through at the same time without sorting their orders again


@dataclass
class _Worker:
    process: SpawnProcess
    connection: Connection
    owes: bool = False  # an answer
    answered: bool = False  # ever


class Workers:
    """Processes that make batches; they live as long as this object, from epoch to epoch.

    Batch i is made by worker i modulo their number, and each makes one ahead. Answers come through pipes: a batch of
    128 images of 28x28 takes 0.3 ms, and nothing is left in shared memory whichever way a process ends.

    Attributes:
        owner: the process that started them.
        closed: whether they were ended.

    Raises:
        TypeError: the data set or the transform cannot be pickled.
    """

    def __init__(self, batches: Batches, count: int) -> None:
        self.owner = os.getpid()
        self.closed = False
        self._batches_in_an_epoch = len(batches)
        try:
            recipe = ForkingPickler.dumps(batches, 5)
        except Exception as error:
            raise TypeError(
                f"workers={count}: the data set and the transform go to other processes, and cannot be pickled "
                f"({error}). Classes and functions at the top of a module can be; prefetch=2, a thread, needs none"
            ) from error
        self._workers: list[_Worker] = []
        self._ending = weakref.finalize(self, _end, self._workers, self.owner)  # also at the program's exit
        spawn = get_context("spawn")
        for number in range(count):
            connection, theirs = spawn.Pipe()
            process = spawn.Process(target=_serve, args=(theirs,), name=f"tapegrad-worker-{number}", daemon=True)
            self._workers.append(_Worker(process, connection))
            process.start()
            theirs.close()  # else a dead worker's pipe would stay open
        for worker in self._workers:
            with self._talking_to(worker):
                worker.connection.send_bytes(recipe)

    def epoch(self, epoch: int, start: int) -> Iterator[Batch]:
        """Give the batches of an epoch from number `start` on, in their order.

        Raises:
            WorkerError: a worker died.
            Exception: what making a batch raised, with the worker's traceback as a note.
        """
        for worker in self._workers:
            if worker.owes:  # a batch of an iteration that was left early
                self._receive(worker)
        end = self._batches_in_an_epoch
        count = len(self._workers)
        for number in range(start, min(start + count, end)):
            self._ask(self._workers[number % count], epoch, number)
        for number in range(start, end):
            worker = self._workers[number % count]
            batch = self._answer(worker)
            if number + count < end:
                self._ask(worker, epoch, number + count)
            yield batch

    def close(self) -> None:
        """End the processes."""
        self.closed = True
        self._ending()

    def _ask(self, worker: _Worker, epoch: int, number: int) -> None:
        with self._talking_to(worker):
            worker.connection.send((epoch, number))
            worker.owes = True

    def _answer(self, worker: _Worker) -> Batch:
        answer = self._receive(worker)
        if isinstance(answer, tuple):
            return answer
        try:
            raise answer
        finally:
            del answer  # the error holds this frame, so the frame must not hold the error

    def _receive(self, worker: _Worker) -> Batch | Exception:
        with self._talking_to(worker):
            answer: Batch | Exception = worker.connection.recv()
            worker.owes, worker.answered = False, True
        return answer

    @contextmanager
    def _talking_to(self, worker: _Worker) -> Iterator[None]:
        """End all if a word is not spoken to its end: after Ctrl-C, what is left of one would be taken for the next."""
        try:
            yield
        except (EOFError, OSError) as error:
            raise self._death_of(worker) from error
        except BaseException:
            self.close()
            raise

    def _death_of(self, worker: _Worker) -> WorkerError:
        worker.process.join(_PATIENCE)
        self.close()
        code = worker.process.exitcode
        if code is not None and code < 0:
            said = f"was ended by signal {-code} ({signal.strsignal(-code)})"
            if code == -9:
                said += ", as the system does when memory runs out"
        else:
            said = f"ended with exit code {code}; what it wrote to standard error says why"
        if not worker.answered:
            said += (
                ". Each worker imports the program's main file: there, whatever starts workers has to stand in a "
                'function, or under `if __name__ == "__main__":`'
            )
        return WorkerError(f"worker {self._workers.index(worker)} of the DataLoader {said}")


def _end(workers: list[_Worker], owner: int) -> None:
    """A worker whose pipe is closed ends after the batch that it is at."""
    if os.getpid() != owner:  # a forked child of the owner
        return
    for worker in workers:
        worker.connection.close()
    for worker in workers:
        if worker.process.pid is not None:
            worker.process.join(_PATIENCE)
            worker.process.kill()
            worker.process.join()


def _serve(connection: Connection) -> None:
    """Answer (epoch, number) with a batch or an error, until the other side is gone. This runs in the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal; the parent decides
    with suppress(EOFError, OSError):
        recipe = connection.recv_bytes()
        make: Callable[[int, int], Batch] | None = None
        while True:
            epoch, number = connection.recv()
            try:
                make = make or _maker(ForkingPickler.loads(recipe))
                content = ForkingPickler.dumps(make(epoch, number), 5)
            except Exception as error:
                content = _portable(error)
            connection.send_bytes(content)


def _maker(batches: Batches) -> Callable[[int, int], Batch]:
    """The function of epoch and number that makes a batch."""
    order = lru_cache(_ORDERS)(batches.order)
    return lambda epoch, number: batches.make(order(epoch), epoch, number)


def _portable(error: Exception) -> memoryview:
    """An error as bytes, with its traceback as a note; one that cannot be pickled becomes a `WorkerError`."""
    trace = "".join(traceback.format_exception(error))
    error.add_note(f"in a worker of the DataLoader:\n{trace}")
    try:
        content: memoryview = ForkingPickler.dumps(error, 5)
        ForkingPickler.loads(content)
    except Exception:
        content = ForkingPickler.dumps(WorkerError(f"a worker of the DataLoader could not make a batch:\n{trace}"), 5)
    return content
