#!/usr/bin/env python3
"""sandbox.py: what sandbox backends cost: `x07 run` of a one-line program behind each, warm, against the backend none.

    tests/bench/sandbox.py --x07 build/bin/x07 [--backend os]... [--runs 40] [--check]

The backends take turns, so that a busy machine is busy for all of them, and the quartile is compared, not the mean.
--check fails when a backend costs more than its target."""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

PROGRAM = {'schema_version': 'x07.x07ast@0.5.0', 'kind': 'entry', 'module_id': 'main', 'imports': [], 'decls': [],
           'solve': ['bytes.lit', 'fine']}
POLICY = {
    'schema_version': 'x07.run-os-policy@0.1.0', 'policy_id': 'bench',
    'limits': {'cpu_ms': 10000, 'wall_ms': 10000, 'mem_bytes': 268435456, 'fds': 64, 'procs': 16},
    'fs': {'enabled': True, 'read_roots': ['.'], 'write_roots': ['out'], 'deny_hidden': True},
    'net': {'enabled': False, 'allow_dns': False, 'allow_tcp': False, 'allow_udp': False, 'allow_hosts': []},
    'env': {'enabled': False, 'allow_keys': [], 'deny_keys': []},
    'time': {'enabled': False, 'allow_monotonic': False, 'allow_wall_clock': False, 'allow_sleep': False,
             'max_sleep_ms': 0, 'allow_local_tzid': False},
    'process': {'enabled': False, 'allow_spawn': False, 'max_live': 0, 'max_spawns': 0, 'allow_exec': False,
                'allow_exit': False},
}
TARGETS_MS = {'os': 8.0, 'vm': 600.0}


def run_once(x07, folder, backend):
    command = [x07, 'run', '--program', 'main.x07.json', '--repair', 'off', '--world', 'run-os-sandboxed', '--policy',
               'policy.json', '--sandbox-backend', backend, '--i-accept-weaker-isolation']
    before = os.times()
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    wall = (time.perf_counter() - start) * 1000
    after = os.times()
    if done.returncode != 0 or not json.loads(done.stdout)['solve']['ok']:
        sys.exit('%s failed:\n%s%s' % (' '.join(command), done.stdout.decode(), done.stderr.decode()))
    cpu = (after.children_user + after.children_system - before.children_user - before.children_system) * 1000
    return wall, cpu


def measure(x07, backends, runs):
    """Per backend the lower quartile of wall time and the mean of processor time, in ms."""
    samples = {backend: [] for backend in backends}
    with tempfile.TemporaryDirectory(prefix='x07-bench-') as folder:
        os.mkdir(folder + '/out')
        for name, value in (('main.x07.json', PROGRAM), ('policy.json', POLICY)):
            with open(os.path.join(folder, name), 'w', encoding='utf-8') as out:
                json.dump(value, out)
        for turn in range(runs + 2):
            for backend in backends:
                sample = run_once(x07, folder, backend)
                if turn >= 2:
                    samples[backend].append(sample)
    return {backend: (statistics.quantiles([wall for wall, _ in rows])[0], statistics.mean(cpu for _, cpu in rows))
            for backend, rows in samples.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--x07', required=True)
    parser.add_argument('--backend', action='append')
    parser.add_argument('--runs', type=int, default=40)
    parser.add_argument('--check', action='store_true')
    options = parser.parse_args()
    backends = ['none'] + (options.backend or ['os'])
    found = measure(os.path.abspath(options.x07), backends, options.runs)
    base_wall, base_cpu = found['none']
    broken = False
    print('%-8s %10s %10s %12s %12s' % ('backend', 'wall ms', 'cpu ms', 'wall +ms', 'cpu +ms'))
    for backend in backends:
        wall, cpu = found[backend]
        print('%-8s %10.2f %10.2f %12.2f %12.2f' % (backend, wall, cpu, wall - base_wall, cpu - base_cpu))
        target = TARGETS_MS.get(backend)
        broken |= target is not None and wall - base_wall > target
    if options.check and broken:
        sys.exit('a backend costs more than its target')


if __name__ == '__main__':
    main()
