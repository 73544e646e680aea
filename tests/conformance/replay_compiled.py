#!/usr/bin/env python3
"""Compiles recorded programs, many at a time, and compares what they answer.

    tests/conformance/replay_compiled.py --build BUILD [--compiler 'cc -O2'] [options] FILE.jsonl

The same vectors as replay.py, without a host around them: one process emits the C of all of them, one native compiler
takes several hundred at once, and each runs alone. That is cheap enough for an optimising compiler, and for a sanitized
compiler of ours. Compared: compile_ok, compile_error, ok, trap, exit_status, output, fuel, mem_stats. Vectors with
flags are replay.py's alone."""
import base64
import concurrent.futures
import glob
import json
import os
import subprocess
import sys
import tempfile

import replay
from vectors import Later, load, parser

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'fuzz', 'programs'))
from answer import run  # noqa: E402
from build import join, read  # noqa: E402

BATCH = 64
FUEL = 50000000


class Compiled:
    """All programs, emitted and built."""

    def __init__(self, options, vectors, folder):
        self.build, self.compiler, self.folder = options.build, options.compiler.split(), folder
        self.paths = {vector['id']: self.write(i, vector) for i, vector in enumerate(vectors)}
        self.broken = self.emit(list(self.paths.values()))
        self.places = {}
        accepted = [id for id, path in self.paths.items() if os.path.exists(path + '.c')]
        with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
            list(pool.map(self.compile, [accepted[i:i + BATCH] for i in range(0, len(accepted), BATCH)]))

    def write(self, number, vector):
        path = os.path.join(self.folder, '%d.x07.json' % number)
        with open(path, 'w', encoding='utf-8') as out:
            json.dump(vector['program'], out)
        for name, document in vector.get('modules', {}).items():
            module = os.path.join(path + '.d', name.replace('.', '/') + '.x07.json')
            os.makedirs(os.path.dirname(module), exist_ok=True)
            with open(module, 'w', encoding='utf-8') as out:
                json.dump(document, out)
        return path

    def emit(self, paths):
        """What the compiler says when it fails, or None."""
        done = subprocess.run([os.path.join(self.build, 'tests/fuzz/emit_c'), *paths], capture_output=True, text=True)
        return done.stderr[-4000:] or 'status %d' % done.returncode if done.returncode else None

    def compile(self, ids):
        """Notes for each id where its program is: (executable, number in it, why it could not be built or None). What
        breaks a batch is looked for in its halves."""
        source, target = [self.paths[ids[0]] + suffix for suffix in ('.%d.c' % len(ids), '.%d' % len(ids))]
        with open(source, 'w', encoding='utf-8') as out:
            out.write(join([read(self.paths[id] + '.c') for id in ids]))
        archives = [path for path in sorted(glob.glob(self.build + '/lib/x07/libx07rt_*.a')) if 'asan' not in os.path.basename(path)]
        libraries = ['-lutf8proc', '-lpcre2-8', '-lm'] if any('regex' in path for path in archives) else ['-lm']
        done = subprocess.run([*self.compiler, '-w', '-I', self.build + '/include/x07rt', source, *archives,
                               self.build + '/lib/x07/libx07rt.a', *libraries, '-o', target],
                              capture_output=True, text=True)
        if done.returncode and len(ids) > 1:
            half = len(ids) // 2
            self.compile(ids[:half])
            self.compile(ids[half:])
        else:
            self.places.update({id: (target, i, done.stderr[-2000:] if done.returncode else None)
                                for i, id in enumerate(ids)})

    def differences(self, vector):
        id, expect = vector['id'], vector['expect']
        if self.broken:
            return ['the compiler failed: %s' % self.broken]
        got = {'compile_ok': id in self.places, 'compile_error': read(self.paths[id] + '.error')}
        if got['compile_error']:
            got['compile_error'] = replay.without_paths(got['compile_error'], self.folder)
        if id in self.places:
            target, number, error = self.places[id]
            if error:
                return ['the C does not compile: %s' % error]
            answer = run(target, number, FUEL, base64.b64decode(vector.get('input_b64', '')))
            if not answer:
                return ['no answer in time']
            got.update(answer_fields(answer))
        fields = ['compile_ok', 'compile_error', 'ok', 'trap', 'exit_status', 'output_b64', 'fuel_used']
        fields += ['mem_stats'] if 'mem_stats' in expect else []
        expect = {**expect, 'compile_error': without_hint(expect.get('compile_error'))}
        return [line for field in fields
                for line in replay.differences_of(field, expect.get(field), got.get(field))]


def without_hint(message):
    """A hint is the host's."""
    return message and message.split('\n\nhint:')[0]


def answer_fields(answer):
    status = answer.status if answer.status >= 0 else 128 - answer.status
    stats = answer.stats or {}
    return {'ok': status == 0, 'exit_status': status, 'output_b64': base64.b64encode(answer.output[4:]).decode(),
            'trap': None if answer.stats else answer.errors.strip() or None,
            'fuel_used': stats.get('fuel_used'), 'mem_stats': stats.get('mem_stats')}


def ran(vector):
    return ['P: %s' % replay.shorten(json.dumps(vector['program'], ensure_ascii=False), 700)]


def main():
    arguments = parser(__doc__, '--build')
    arguments.add_argument('--host-only', action='append', default=[], metavar='ID', help="what needs the host's modules")
    arguments.add_argument('--compiler', default='cc -std=c11 -O2', metavar='COMMAND')
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix='x07-compiled-') as folder:
        folder = os.path.realpath(folder)
        vectors = [vector for vector in load(options, Later(options.later))
                   if not vector.get('flags') and vector['id'] not in options.host_only]
        compiled = Compiled(options, vectors, folder)
        return replay.replay(options, compiled.differences, ran, vectors)


if __name__ == '__main__':
    sys.exit(main())
