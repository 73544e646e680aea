#!/usr/bin/env python3
"""Times what `x07 run` does with a large project before it calls the C compiler; run.py uses it, too.

    tests/bench/project.py --x07 build/bin/x07 [--packages 50] [--modules 8] [--repeat N]

Makes a project with that many dependencies and modules in each, all of them used, and prints processor time, best of N:
everything up to the emitted C, by `x07 build`; the lock's part of it, as the difference to the same program built with
--program and --module-root; `x07 check --project`; and `sha256sum` of the same files, to compare with."""
import argparse
import glob
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile

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


def processor_time():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) * 1000


def best(repeat, root, command):
    times = []
    for _ in range(repeat):
        start = processor_time()
        done = subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        times.append(processor_time() - start)
        if done.returncode:
            sys.exit('%s: %s' % (' '.join(command[:6]), done.stderr.decode()))
    return min(times)


def measure(x07, packages=50, modules=8, repeat=7):
    """Figures in milliseconds."""
    with tempfile.TemporaryDirectory(prefix='x07-bench-') as root:
        make(root, packages, modules)
        files = glob.glob(os.path.join(root, '.x07/deps/*/*/x07-package.json'))
        files += glob.glob(os.path.join(root, '.x07/deps/*/*/modules/*/*.json'))
        roots = ['--module-root=.x07/deps/p%d/1.0.0/modules' % k for k in range(packages)]
        off = ['--repair', 'off', '--out', '/dev/null']
        commands = {
            'front end': [x07, 'build', '--project', 'x07.json', *off],
            'program alone': [x07, 'build', '--program', 'src/main.x07.json', '--world', 'run-os', *roots, *off],
            'check': [x07, 'check', '--project', 'x07.json'],
            'sha256sum': ['sha256sum', *files],
        }
        figures = {name: best(repeat, root, command) for name, command in commands.items()}
    figures['lock'] = max(0, figures['front end'] - figures['program alone'])
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--x07', required=True)
    parser.add_argument('--packages', type=int, default=50)
    parser.add_argument('--modules', type=int, default=8)
    parser.add_argument('--repeat', type=int, default=7)
    options = parser.parse_args()
    figures = measure(os.path.abspath(options.x07), options.packages, options.modules, options.repeat)
    for name, value in figures.items():
        print('%-16s %8.1f ms' % (name, value))
    return 0


if __name__ == '__main__':
    sys.exit(main())
