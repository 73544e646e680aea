#!/usr/bin/env python3
"""A sandboxed program reads and writes beneath a directory that somebody else keeps exchanging with a link that leads
out of the policy's roots: whatever happens in between, it never gets out.

    X07_BIN=build/bin/x07 tests/conformance/os_race_test.py"""
import ctypes
import os
import subprocess
import sys
import tempfile
import threading

from replay_os import Calls, decode, frame_of
from vectors import TIMEOUT

ROUNDS = 150
RENAME_EXCHANGE, AT_FDCWD = 2, -100
CAPS = {'caps': [0, 0, 0, 0, 8]}
POLICY = {'X07_WORLD': 'run-os-sandboxed', 'X07_OS_FS': '1', 'X07_OS_FS_READ_ROOTS': 'box',
          'X07_OS_FS_WRITE_ROOTS': 'box', 'X07_OS_FS_ALLOW_MKDIR': '1', 'X07_OS_FS_ALLOW_REMOVE': '1'}


def exchange_until(done, folder):
    libc = ctypes.CDLL(None, use_errno=True)
    first, second = (os.path.join(folder, 'box', name).encode() for name in ('d', 'link'))
    while not done.is_set():
        libc.renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE)


def run_calls(calls, folder, script):
    done = threading.Event()
    other = threading.Thread(target=exchange_until, args=(done, folder))
    other.start()
    try:
        return subprocess.run([calls.executable], cwd=folder, env=POLICY, timeout=TIMEOUT, capture_output=True,
                              input=frame_of(script, calls.numbers))
    finally:
        done.set()
        other.join()


def attempt_root(calls, folder):
    """The root itself is exchanged after it was first used."""
    for path, text in (('root/f', 'inside'), ('elsewhere/f', 'secret')):
        os.makedirs(os.path.dirname(os.path.join(folder, path)))
        with open(os.path.join(folder, path), 'w', encoding='utf-8') as file:
            file.write(text)
    read = ['os.fs.read_all_v1', 'root/f', CAPS]
    swap = "mv root old && ln -s elsewhere root"
    script = [read, ['os.process.run_capture_v1', {'run': ['/bin/sh', '-c', swap], 'env': {'PATH': '/usr/bin:/bin'}},
                     {'limits': [99, 99, 0, 0]}], read]
    env = {'X07_WORLD': 'run-os-sandboxed', 'X07_OS_FS': '1', 'X07_OS_FS_READ_ROOTS': 'root', 'X07_OS_PROC': '1',
           'X07_OS_PROC_ALLOW_SPAWN': '1', 'X07_OS_PROC_ALLOW_EXECS': '/bin/sh', 'X07_OS_PROC_ALLOW_ENV_KEYS': 'PATH'}
    done = subprocess.run([calls.executable], cwd=folder, env=env, timeout=TIMEOUT, capture_output=True,
                          input=frame_of(script, calls.numbers))
    answers = decode(done.stdout[4:])
    assert os.path.islink(os.path.join(folder, 'root')), answers
    assert [answers[0], answers[2]] == [b'inside', {'error': 60001}], answers


def attempt(calls, folder):
    for path, text in (('box/d/f', 'inside'), ('outside/f', 'secret')):
        os.makedirs(os.path.dirname(os.path.join(folder, path)))
        with open(os.path.join(folder, path), 'w', encoding='utf-8') as file:
            file.write(text)
    os.symlink('../outside', os.path.join(folder, 'box', 'link'))
    script = [['os.fs.read_all_v1', 'box/d/f', CAPS], ['os.fs.write_all_v1', 'box/d/g', 'mine', CAPS],
              ['os.fs.list_dir_sorted_text_v1', 'box/d', CAPS], ['os.fs.mkdirs_v1', 'box/d/new', CAPS],
              ['os.fs.remove_file_v1', 'box/d/g', CAPS]] * ROUNDS
    done = run_calls(calls, folder, script)
    answers = decode(done.stdout[4:])
    assert len(answers) == len(script), done.stderr.decode()
    assert b'secret' not in done.stdout, 'read what lies outside'
    assert b'inside' in [answer for answer in answers if isinstance(answer, bytes)], 'never got in at all'
    assert sorted(os.listdir(os.path.join(folder, 'outside'))) == ['f'], os.listdir(os.path.join(folder, 'outside'))


def main():
    with tempfile.TemporaryDirectory(prefix='x07-os-race-') as folder:
        calls = Calls(os.path.abspath(os.environ['X07_BIN']), folder)
        for one in (attempt_root, attempt):
            box = os.path.join(folder, one.__name__)
            os.mkdir(box)
            one(calls, box)


if __name__ == '__main__':
    sys.exit(main())
