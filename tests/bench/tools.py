#!/usr/bin/env python3
"""Measures x07 lint and x07 fmt --check on many modules, and prints one table.

    tests/bench/tools.py --x07 build/bin/x07 [--repeat N] [--check]

The modules are made here, 1.5 KB of JSON each. The figures are user time, the best of N runs on one processor. With
--check the exit status is 1 when a target is missed: for 1,000 modules 0.5 s of user time for lint and 0.3 s for fmt, and
for four times as many modules at most five times as much."""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile

COUNTS = (1000, 2000, 4000)
TARGETS = {'lint': 0.5, 'fmt --check': 0.3}
MOST_GROWTH = 5
COMMANDS = {'lint': ['lint', '--input', '.'], 'fmt --check': ['fmt', '--check', '.']}


def expression(rng, depth):
    """A typical body: blocks, conditions, loops and calls."""
    if depth == 0:
        return rng.choice([rng.randrange(1000), 'a', 'b', ['view.len', 'x']])
    kind = rng.randrange(5)
    below = lambda: expression(rng, depth - 1)
    if kind == 0:
        return ['begin', ['let', 'a', below()], ['let', 'b', below()], below()]
    if kind == 1:
        return ['if', ['<', below(), below()], below(), below()]
    if kind == 2:
        return ['begin', ['for', 'b', 0, rng.randrange(10), below()], below()]
    return [rng.choice(['+', '*', '-', '^']), below(), below()]


def module(rng, index):
    name = 'bench.m%04d' % index
    functions = [{'kind': 'defn', 'name': '%s.f%d' % (name, i), 'params': [
        {'name': 'x', 'ty': 'bytes_view'}, {'name': 'a', 'ty': 'i32'}, {'name': 'b', 'ty': 'i32'}],
        'result': 'i32', 'body': expression(rng, 3)} for i in range(3)]
    return {'schema_version': 'x07.x07ast@0.5.0', 'kind': 'module', 'module_id': name, 'imports': ['std.bytes', 'std.vec'],
            'decls': [{'kind': 'export', 'names': [f['name'] for f in functions]}, *functions]}


def write_modules(folder, count, x07):
    rng = random.Random(7)
    size = 0
    for index in range(count):
        text = json.dumps(module(rng, index))
        size += len(text)
        with open(os.path.join(folder, 'm%04d.x07.json' % index), 'w', encoding='utf-8') as file:
            file.write(text)
    subprocess.run([x07, 'fmt', '--write', '.'], cwd=folder, check=True)
    return size


def user_time(command, folder, repeat):
    best = None
    processor = min(os.sched_getaffinity(0))
    for _ in range(repeat):
        with open(os.devnull, 'wb') as nothing:
            process = subprocess.Popen(command, cwd=folder, stdout=nothing,
                                       preexec_fn=lambda: os.sched_setaffinity(0, {processor}))
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            sys.exit('failed: %s' % ' '.join(command))
        best = usage.ru_utime if best is None else min(best, usage.ru_utime)
    return best


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--x07', required=True, metavar='BIN')
    options.add_argument('--repeat', type=int, default=5)
    options.add_argument('--check', action='store_true')
    options = options.parse_args()
    x07 = os.path.abspath(options.x07)
    times, missed = {}, []
    print('%-14s %8s %10s %12s' % ('command', 'modules', 'JSON', 'user time'))
    for count in COUNTS:
        with tempfile.TemporaryDirectory(prefix='x07-bench-') as folder:
            size = write_modules(folder, count, x07)
            for name, words in COMMANDS.items():
                times[name, count] = user_time([x07, *words], folder, options.repeat)
                print('%-14s %8d %7.2f MB %10.3f s' % (name, count, size / 1e6, times[name, count]))
    for name, most in TARGETS.items():
        growth = times[name, COUNTS[-1]] / times[name, COUNTS[0]]
        print('%-14s %.3f s of %.1f s for 1000 modules; %.2f times as long for %d times as many' % (
            name, times[name, 1000], most, growth, COUNTS[-1] // COUNTS[0]))
        if times[name, 1000] > most or growth > MOST_GROWTH:
            missed.append(name)
    return 1 if options.check and missed else 0


if __name__ == '__main__':
    sys.exit(main())
