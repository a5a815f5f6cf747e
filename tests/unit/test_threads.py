"""Things made ahead: in their order, once, whoever makes them; what goes wrong is told where they are used."""

from __future__ import annotations

import errno
import threading
from contextlib import closing

import numpy as np
import pytest
from dedup.io.store import BlockStore
from dedup.threads import Behind, ahead, workers
from hypothesis import given
from hypothesis import strategies as st

SOME = 7


@given(st.lists(st.integers(0, 10)), st.integers(1, 30), st.integers(1, 3))
def test_things_come_in_their_order_whatever_they_weigh(things, most, threads):
    assert list(ahead(iter(things), int, most, threads)) == things


@pytest.mark.parametrize("threads", [1, 2])
def test_what_goes_wrong_is_told_where_the_things_are_used(threads):
    def things():
        yield from range(SOME)
        raise OSError(errno.EIO, "no more")

    with pytest.raises(OSError, match="no more"):
        list(ahead(things(), lambda _: 1, 1, threads))


def test_no_more_is_made_than_somebody_waits_for():
    made, others = [], set(threading.enumerate())
    things = ahead((made.append(k) or k for k in range(100)), lambda _: 1, SOME, 2)
    assert next(things) == 0
    things.close()
    for thread in set(threading.enumerate()) - others:
        thread.join()
    assert len(made) in {SOME, 2 * SOME}


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=12), st.integers(0, 200))
def test_blocks_can_be_read_while_others_move_to_the_file(tmp_path_factory, blocks, limit):
    store = BlockStore(limit, tmp_path_factory.mktemp("store"))
    with closing(Behind[None](lambda _: store.spill(), 2)) as spilling:
        for number, block in enumerate(blocks):
            assert store.hold(block) == number
            spilling.put(None)
            for earlier in range(number + 1):
                assert bytes(store.raw(earlier)) == blocks[earlier]
                text = store.gathered(np.array([earlier], np.int32), np.array([0]), np.array([len(blocks[earlier])]))
                assert text.tobytes() == blocks[earlier]
    assert (store.spilled > 0) == (sum(map(len, blocks)) > limit)
    assert [bytes(store.raw(number)) for number in range(len(blocks))] == blocks
    store.close()


def test_a_full_disk_is_told_to_who_adds_the_next_block(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("dedup.io.store.os.pwrite", full)
    store = BlockStore(0, tmp_path)

    def add_some():
        with closing(Behind[None](lambda _: store.spill(), 2)) as spilling:
            for _ in range(3):
                store.hold(b"block")
                spilling.put(None)

    with pytest.raises(OSError, match="No space"):
        add_some()
    assert bytes(store.raw(0)) == b"block"
    store.close()


@pytest.mark.parametrize("threads", [1, 2])
def test_workers_are_others_only_where_a_run_has_several_threads(threads):
    with workers(2, threads) as pool:
        done, failed = pool.submit(threading.current_thread), pool.submit(int, "no number")
        assert (done.result() is threading.current_thread()) == (threads == 1)
        with pytest.raises(ValueError, match="no number"):
            failed.result()
