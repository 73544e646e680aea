#!/usr/bin/env python3
"""Compares compiled x07 programs with hand-written C, in one run, and prints one table.

    tests/bench/run.py --x07 build/bin/x07 --runtime build/lib/libx07rt.a [--repeat N] [--only NAME] [--json FILE]

Both sides get the same input frame on stdin and must print the same output frame; processor time is the best of N
runs of each, taken in turns: user and system time together, since only their sum is exact. The C programs are built with
`cc -O2`, the x07 programs with `x07 run --compiled-out`. Also measured: a program that reaches the whole library, size
of the C emitted for a one-line program, a cold `x07 run` of it against `cc -O2` of an empty main that links the same
runtime, peak memory on a 64 MiB input, and project.py's large project. Exit status 1: outputs differ, or --check was
given and a target of docs/architecture.md is missed."""
import argparse
import json
import math
import os
import random
import resource
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

import project
import whole_library

HERE = os.path.dirname(os.path.abspath(__file__))
MIB = 1 << 20
INPUT_SIZE = 64 * MIB
BLOCK_SIZE = 4 * MIB  # inputs repeat a random block of this size: too long for a branch predictor to learn

TARGETS = {'language, geometric mean': 1.3, 'language, worst': 2.0, 'collections, worst': 2.0, 'text, worst': 1.5,
           'emitted C': 8192, 'cold run': 2.5, 'whole library, front end': 0.060, 'whole library, growth': 1.2,
           'whole library, cold': 1.5, 'memory': 3.0, 'project, ms': 80, 'project lock, ms': 30}


def repeat_to_size(block):
    return (block * (INPUT_SIZE // len(block) + 1))[:INPUT_SIZE]


def random_bytes(rng):
    return repeat_to_size(rng.randbytes(BLOCK_SIZE))


def english_like(rng):
    words, size = [], 0
    while size < BLOCK_SIZE:
        word = bytes(rng.choices(b'etaoinshrdlucmfw', k=min(12, 1 + int(rng.expovariate(0.22)))))
        words.append(word + (b'\n' if rng.random() < 0.1 else b' '))
        size += len(words[-1])
    return repeat_to_size(b''.join(words))


def runs(rng):
    out = bytearray()
    while len(out) < BLOCK_SIZE:
        out += bytes([rng.randrange(256)]) * (1 + int(rng.expovariate(0.1)))
    return repeat_to_size(bytes(out))


def keys(rng):
    draw = (min(int(rng.expovariate(1 / 9000)), 65535) for _ in range(BLOCK_SIZE // 4))
    return repeat_to_size(struct.pack('<%dI' % (BLOCK_SIZE // 4), *(key * 40503 & 0xffff for key in draw)))


def numbers(rng):
    out, size = [], 0
    while size < BLOCK_SIZE:
        out.append(b'%d,' % rng.randrange(10 ** rng.randrange(1, 10)))
        size += len(out[-1])
    return repeat_to_size(b''.join(out))


def records(rng):
    """A JSON document: an array of small objects, indented, some with their members out of order."""
    def value(depth):
        kind = rng.randrange(8 if depth else 6)
        return (str(rng.randrange(-10 ** 6, 10 ** 6)), '"%s"' % rng.randbytes(rng.randrange(1, 16)).hex(), 'true', 'null',
                '[%s]' % ', '.join(str(rng.randrange(1000)) for _ in range(rng.randrange(6))),
                '"text of some length %d"' % rng.randrange(10 ** 9))[kind] if kind < 6 else \
            '{%s}' % ', '.join('"%s": %s' % (key, value(depth - 1)) for key in rng.sample(NAMES, rng.randrange(1, 5)))

    out, size = [], 0
    while size < BLOCK_SIZE:
        out.append('{\n  %s\n}' % ',\n  '.join('"%s": %s' % (key, value(2)) for key in rng.sample(NAMES, 6)))
        size += len(out[-1])
    block = ',\n'.join(out).encode()
    return b'[%s]' % b',\n'.join([block] * (INPUT_SIZE // len(block)))


NAMES = ['id', 'name', 'kind', 'size', 'owner', 'created', 'changed', 'tags', 'address', 'note', 'parent', 'state']


def operations(rng):
    """One million random words: what the programs do with a collection."""
    return rng.randbytes(4 * 1000 * 1000)


# Group to workloads; a workload's name to what makes its input.
GROUPS = {
    'language': {
        'sum': random_bytes,
        'word_count': english_like,
        'histogram': random_bytes,
        'run_length': runs,
        'fibonacci': lambda rng: b'1000000000',
        'sort': lambda rng: rng.randbytes(4 * MIB),
        'map_count': keys,
        'decimal_list': numbers,
    },
    'text': {'tokenize': english_like, 'split_lines': english_like, 'split_bytes': english_like, 'json_sorted': records},
    'collections': {name: operations for name in (
        'hash_map', 'hash_set', 'btree_map', 'btree_set', 'heap', 'deque', 'slab', 'lru_cache')},
}
X07_LIMITS = ['--solve-fuel', '1000000000000', '--max-memory-bytes', str(3 * INPUT_SIZE),
              '--max-output-bytes', str(2 * INPUT_SIZE), '--cpu-time-limit-seconds', '120']


class Bench:
    def __init__(self, arguments, folder):
        self.x07 = os.path.abspath(arguments.x07)
        self.runtime = os.path.abspath(arguments.runtime)
        self.repeat = arguments.repeat
        self.folder = folder
        self.env = {k: v for k, v in os.environ.items() if not k.startswith('X07_')}
        self.env['X07_NATIVE_CACHE_DIR'] = self.path('cache')

    def path(self, name):
        return os.path.join(self.folder, name)

    def compile_x07(self, name, flags=()):
        program = os.path.join(HERE, 'programs', name + '.x07.json')
        out = self.path(name + '.x07exe')
        command = [self.x07, 'run', '--program', program, '--repair', 'off', '--compiled-out', out,
                   '--input-b64', 'MQ==', *flags]
        done = subprocess.run(command, env=self.env, capture_output=True)
        report = read_report(command, done)
        if not report['compile']['ok']:
            sys.exit('cannot compile %s: %s' % (name, report['compile']['compile_error']))
        return out, report

    def compile_c(self, name):
        out = self.path(name + '.cexe')
        source = os.path.join(HERE, 'c', name + '.c')
        subprocess.run(['cc', '-std=gnu11', '-O2', source, '-o', out], check=True)
        return out

    def cpu_time(self, executable, input_path, output_path):
        with open(input_path, 'rb') as stdin, open(output_path, 'wb') as stdout, \
                open(self.path('stderr'), 'wb') as stderr:
            child = subprocess.Popen([executable], stdin=stdin, stdout=stdout, stderr=stderr, env=self.env)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit('%s ended with %d: %s' % (executable, child.returncode, open(self.path('stderr')).read()[-500:]))
        return usage.ru_utime + usage.ru_stime

    def workload(self, name, make_input):
        data = make_input(random.Random(name))
        frame = self.path('frame')
        with open(frame, 'wb') as out:
            out.write(struct.pack('<I', len(data)) + data)
        sides = {'x07': self.compile_x07(name, X07_LIMITS)[0], 'c': self.compile_c(name)}
        times = {side: [] for side in sides}
        for _ in range(self.repeat):
            for side, executable in sides.items():
                times[side].append(self.cpu_time(executable, frame, self.path('out.' + side)))
        if not same_file(self.path('out.x07'), self.path('out.c')):
            sys.exit('%s: the x07 program and the C program print different output' % name)
        return min(times['x07']), min(times['c'])

    def cold_run(self):
        """Wall time of `x07 run` with an empty cache, and of cc -O2 on an empty main with the same runtime."""
        program = os.path.join(HERE, 'programs', 'one_line.x07.json')
        source = self.path('empty.c')
        with open(source, 'w') as out:
            out.write('int main(void) { return 0; }\n')
        link = ['cc', '-O2', source, '-o', self.path('empty'), self.runtime, '-lm']
        cold, plain = [], []
        for i in range(max(5, self.repeat)):
            env = dict(self.env, X07_NATIVE_CACHE_DIR=self.path('cold%d' % i))
            command = [self.x07, 'run', '--program', program, '--repair', 'off', '--input-b64', 'aGk=']
            cold.append(wall_time(command, env))
            plain.append(wall_time(link, self.env))
        return statistics.median(cold), statistics.median(plain)

    def build_time(self, program, *flags):
        """Processor time of `x07 build`, which makes C of the program, best of some."""
        out = self.path('built.c')
        command = [self.x07, 'build', '--program', program, '--repair', 'off', '--world', 'run-os', '--out', out, *flags]
        times = []
        for _ in range(max(5, self.repeat)):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, env=self.env, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return min(times)

    def whole_library(self):
        """A program that reaches the whole library: processor time from its text to C, without that of starting, for
        1, 4 and 16 times the program's own functions; wall time of a cold run of the first."""
        start = self.build_time(os.path.join(HERE, 'programs', 'one_line.x07.json'))
        front = []
        for times in (1, 4, 16):
            folder = self.path('whole%d' % times)
            whole_library.write_program(folder, times)
            front.append(self.build_time(os.path.join(folder, 'main.x07.json'), '--module-root', folder) - start)
        folder = self.path('whole1')
        command = [self.x07, 'run', '--program', os.path.join(folder, 'main.x07.json'), '--repair', 'off']
        cold = [wall_time(command, dict(self.env, X07_NATIVE_CACHE_DIR=self.path('whole-cold%d' % i))) for i in range(3)]
        return front, min(cold)

    def emitted_c(self):
        return self.compile_x07('one_line')[1]['compile']['c_source_size']

    def peak_memory(self):
        """Largest sum of proportional set sizes of `x07 run` and all its children over a 64 MiB input."""
        path = self.path('big')
        with open(path, 'wb') as out:
            out.write(random_bytes(random.Random('memory')))
        program = os.path.join(HERE, 'programs', 'sum.x07.json')
        command = [self.x07, 'run', '--program', program, '--repair', 'off', '--input', path, *X07_LIMITS]
        child = subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        peak = [0]

        def sample():
            while child.poll() is None:
                peak[0] = max(peak[0], sum(proportional_size(pid) for pid in tree(child.pid)))
                time.sleep(0.005)

        sampler = threading.Thread(target=sample)
        sampler.start()
        out, err = child.communicate()
        sampler.join()
        report = read_report(command, subprocess.CompletedProcess(command, child.returncode, out, err))
        if not report['solve'] or not report['solve']['ok']:
            sys.exit('the 64 MiB run failed: %s' % report['solve'])
        return peak[0]


def same_file(a, b):
    with open(a, 'rb') as x, open(b, 'rb') as y:
        return x.read() == y.read()


def read_report(command, done):
    try:
        return json.loads(done.stdout)
    except ValueError:
        sys.exit('no report from %s\nexit %s, stderr: %s' %
                 (' '.join(command), done.returncode, done.stderr.decode('utf-8', 'replace')[-1000:]))


def wall_time(command, env):
    start = time.monotonic()
    subprocess.run(command, env=env, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - start


def tree(root):
    """root and its descendants."""
    children = {}
    for name in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open('/proc/%s/stat' % name) as stat:
                parent = int(stat.read().rsplit(')', 1)[1].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(name))
    found = [root]
    for pid in found:
        found.extend(children.get(pid, []))
    return found


def proportional_size(pid):
    try:
        with open('/proc/%d/smaps_rollup' % pid) as rollup:
            return sum(int(line.split()[1]) for line in rollup if line.startswith('Pss:')) * 1024
    except OSError:
        return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--x07', required=True)
    parser.add_argument('--runtime', required=True, help='libx07rt.a of the same build')
    parser.add_argument('--repeat', type=int, default=5)
    parser.add_argument('--only', default='', help='one workload')
    parser.add_argument('--json', help='also write the figures to this file')
    parser.add_argument('--check', action='store_true', help='exit 1 when a target is missed')
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix='x07-bench-') as folder:
        figures = measure(Bench(arguments, folder), arguments.only)
    if arguments.json:
        with open(arguments.json, 'w') as out:
            json.dump(figures, out, indent=2)
    missed = [name for name, limit in TARGETS.items() if name in figures and figures[name] > limit]
    for name in missed:
        print('missed: %s %.2f, target %.2f' % (name, figures[name], TARGETS[name]))
    return 1 if missed and arguments.check else 0


def measure(bench, only):
    figures = {'workloads': {}}
    print('%-14s %9s %9s %7s' % ('workload', 'x07 s', 'C s', 'ratio'))
    for group, workloads in GROUPS.items():
        measure_group(bench, group, {name: make for name, make in workloads.items() if only in ('', name)}, figures)
    if not only:
        measure_toolchain(bench, figures)
    return figures


def measure_group(bench, group, workloads, figures):
    ratios = []
    for name, make_input in workloads.items():
        x07, c = bench.workload(name, make_input)
        ratios.append(x07 / max(c, 0.001))
        figures['workloads'][name] = {'x07': x07, 'c': c, 'ratio': ratios[-1]}
        print('%-14s %9.3f %9.3f %7.2f' % (name, x07, c, ratios[-1]), flush=True)
    if ratios:
        figures[group + ', geometric mean'] = math.exp(sum(map(math.log, ratios)) / len(ratios))
        figures[group + ', worst'] = max(ratios)
        print('%-34s %7.2f' % (group + ', geometric mean', figures[group + ', geometric mean']))
        print('%-34s %7.2f' % (group + ', worst', figures[group + ', worst']))


def measure_toolchain(bench, figures):
    figures['emitted C'] = bench.emitted_c()
    cold, plain = bench.cold_run()
    figures['cold run'] = cold / plain
    figures['memory'] = bench.peak_memory() / INPUT_SIZE
    front, whole = bench.whole_library()
    figures['whole library, front end'] = front[0]
    figures['whole library, growth'] = (front[2] - front[1]) / (front[1] - front[0]) / 4
    figures['whole library, cold'] = whole
    print('whole library to C, 1x 4x 16x     %s ms' % ' '.join('%7.1f' % (seconds * 1e3) for seconds in front))
    print('whole library, cold x07 run       %8.2f s' % whole)
    print('emitted C of a one-line program   %8d bytes' % figures['emitted C'])
    print('cold x07 run / cc -O2 empty main  %8.2f (%.0f ms / %.0f ms)' %
          (figures['cold run'], cold * 1e3, plain * 1e3))
    print('peak memory / size of its input   %8.2f' % figures['memory'])
    large = project.measure(bench.x07)
    figures['project, ms'], figures['project lock, ms'] = large['front end'], large['lock']
    print('project of 400 modules up to its C %7.0f ms, its lock %.0f ms (sha256sum of it: %.0f ms)' %
          (large['front end'], large['lock'], large['sha256sum']))


if __name__ == '__main__':
    sys.exit(main())
