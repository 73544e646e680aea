#!/usr/bin/env python3
"""Times what `x07 run` does with a large project before it calls the C compiler.

    tests/bench/project.py --x07 build/bin/x07 [--packages 50] [--modules 8] [--repeat N] [--check]

Makes a project with that many dependencies and modules in each, all of them used, and prints: the digests of all files
by `sha256sum`; everything up to the emitted C, by `x07 build`; `x07 check --project`; and the lock's part of it, as the
difference to the same program built with --program and --module-root. --check: exit status 1 when a target is missed."""
import argparse
import glob
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time

TARGETS = {'front end, ms': 80, 'lock, ms': 30}
FUNCTIONS = 2


def write(path, value):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    text = json.dumps(value, separators=(',', ':'), sort_keys=True) + '\n'
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    return hashlib.sha256(text.encode()).hexdigest()


def call(name, argument):
    return [name, argument]


def module(package, number, modules):
    """A module with a few functions that work on bytes and call the next module of its package."""
    name = 'p%d.m%d' % (package, number)
    following = 'p%d.m%d' % (package, number + 1)
    last = number + 1 == modules
    decls = [{'kind': 'export', 'names': ['%s.f%d' % (name, i) for i in range(FUNCTIONS)]}]
    for i in range(FUNCTIONS):
        inner = 'x' if last else call('%s.f%d' % (following, i), 'x')
        body = ['begin', ['let', 'n', ['+', inner, i]], ['let', 'v', ['vec_u8.with_capacity', 16]],
                ['for', 'k', 0, 8, ['set', 'v', ['vec_u8.push', 'v', ['&', ['+', 'n', 'k'], 255]]]],
                ['let', 'b', ['vec_u8.into_bytes', 'v']],
                ['let', 'w', ['bytes.view', 'b']],
                ['if', ['<', 'n', ['view.len', 'w']], ['view.get_u8', 'w', 0], ['view.get_u8', 'w', 1]]]
        decls.append({'kind': 'defn', 'name': '%s.f%d' % (name, i), 'params': [{'name': 'x', 'ty': 'i32'}],
                      'result': 'i32', 'body': body})
    return {'schema_version': 'x07.x07ast@0.5.0', 'kind': 'module', 'module_id': name,
            'imports': [] if last else [following], 'decls': decls}


def make(root, packages, modules):
    dependencies, locked = [], []
    for k in range(packages):
        path = '.x07/deps/p%d/1.0.0' % k
        names = ['p%d.m%d' % (k, i) for i in range(modules)]
        dependencies.append({'name': 'p%d' % k, 'version': '1.0.0', 'path': path})
        digest = write(os.path.join(root, path, 'x07-package.json'), {
            'schema_version': 'x07.package@0.1.0', 'name': 'p%d' % k, 'version': '1.0.0', 'module_root': 'modules',
            'modules': names})
        digests = {name: write(os.path.join(root, path, 'modules', name.replace('.', '/') + '.x07.json'),
                               module(k, i, modules)) for i, name in enumerate(names)}
        locked.append(dict(dependencies[-1], package_manifest_sha256=digest, module_root='modules',
                           modules_sha256=digests))
    total = 0
    for k in range(packages):
        total = ['+', total, call('p%d.m0.f%d' % (k, k % FUNCTIONS), k)]
    write(os.path.join(root, 'src', 'main.x07.json'), {
        'schema_version': 'x07.x07ast@0.5.0', 'kind': 'entry', 'module_id': 'main', 'decls': [],
        'imports': ['p%d.m0' % k for k in range(packages)], 'solve': ['codec.write_u32_le', total]})
    write(os.path.join(root, 'x07.json'), {
        'schema_version': 'x07.project@0.3.0', 'world': 'run-os', 'entry': 'src/main.x07.json',
        'module_roots': ['src'], 'dependencies': dependencies})
    write(os.path.join(root, 'x07.lock.json'), {'schema_version': 'x07.lock@0.3.0', 'dependencies': locked})


def best(repeat, root, command):
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        done = subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        times.append((time.perf_counter() - start) * 1000)
        if done.returncode:
            sys.exit('%s: %s' % (' '.join(command[:6]), done.stderr.decode()))
    return min(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--x07', required=True)
    parser.add_argument('--packages', type=int, default=50)
    parser.add_argument('--modules', type=int, default=8)
    parser.add_argument('--repeat', type=int, default=7)
    parser.add_argument('--check', action='store_true')
    options = parser.parse_args()
    x07 = os.path.abspath(options.x07)
    with tempfile.TemporaryDirectory(prefix='x07-bench-') as root:
        make(root, options.packages, options.modules)
        files = glob.glob(os.path.join(root, '.x07', 'deps', '**', '*.json'), recursive=True, include_hidden=True) \
            if sys.version_info >= (3, 11) else []
        roots = ['--module-root=.x07/deps/p%d/1.0.0/modules' % k for k in range(options.packages)]
        off = ['--repair', 'off', '--out', '/dev/null']
        project = [x07, 'build', '--project', 'x07.json', *off]
        alone = [x07, 'build', '--program', 'src/main.x07.json', '--world', 'run-os', *roots, *off]
        figures = {
            'sha256sum of the same files, ms': best(options.repeat, root, ['sha256sum', *files]),
            'front end, ms': best(options.repeat, root, project),
            'of the program alone, ms': best(options.repeat, root, alone),
            'x07 check, ms': best(options.repeat, root, [x07, 'check', '--project', 'x07.json']),
            'x07 --version, ms': best(options.repeat, root, [x07, '--version']),
        }
        figures['lock, ms'] = figures['front end, ms'] - figures['of the program alone, ms']
    missed = False
    for name, value in figures.items():
        limit = TARGETS.get(name)
        missed |= limit is not None and value > limit
        print('%-34s %8.1f%s' % (name, value, '' if limit is None else '   (target %d)' % limit))
    return 1 if missed and options.check else 0


if __name__ == '__main__':
    sys.exit(main())
