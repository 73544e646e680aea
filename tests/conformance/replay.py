#!/usr/bin/env python3
"""Runs recorded programs through `x07 run` and compares the answers.

    tests/conformance/replay.py --x07 build/bin/x07 [options] FILE.jsonl

A vector is one line: {"id", "program", ["modules": {id: document}], ["input_b64"], ["flags"], ["quirk"], "expect"}.
Compared: exit, compile_ok, compile_error, ok, trap, exit_status, output, fuel; with --memory also mem_stats, and sched_stats where a
vector has them. Every
report is validated against its schema in spec/. A difference in a vector marked "quirk" is printed but is no failure:
nobody has to copy those answers."""
import base64
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

from vectors import TIMEOUT, Later, Reports, clean_environment, load, parser, replay, shorten

FIELDS = ['exit', 'compile_ok', 'compile_error', 'ok', 'trap', 'exit_status', 'output_b64']


class Programs:
    def __init__(self, options, cache):
        self.options = options
        self.binary = os.path.abspath(options.x07)
        self.env = clean_environment(X07_NATIVE_CACHE_DIR=cache, X07_NATIVE_COMPILER=options.native_compiler)
        self.reports = Reports()

    def differences(self, vector):
        with tempfile.TemporaryDirectory(prefix='x07-replay-') as folder:
            folder = os.path.realpath(folder)
            command = [self.binary, 'run', '--program', write_documents(folder, vector), *flags(vector)]
            try:
                done = subprocess.run(command, cwd=folder, env=self.env, stdin=subprocess.DEVNULL, capture_output=True,
                                      timeout=TIMEOUT)
            except subprocess.TimeoutExpired:
                return ['no answer within %d s' % TIMEOUT]
            problems, got = self.read_answer(done, folder)
        return problems + self.compare(vector['expect'], got)

    def read_answer(self, done, folder):
        got = {'exit': done.returncode}
        try:
            report = json.loads(done.stdout)
        except ValueError:
            return ['no report; stderr: %s' % shorten(done.stderr.decode('utf-8', 'replace'))], got
        compiled, solved = report.get('compile') or {}, report.get('solve') or {}
        got.update(compile_ok=compiled.get('ok'), ok=solved.get('ok'), trap=solved.get('trap'),
                   compile_error=without_paths(compiled.get('compile_error'), folder),
                   exit_status=solved.get('exit_status'), output_b64=solved.get('solve_output_b64'),
                   fuel_used=solved.get('fuel_used'), mem_stats=solved.get('mem_stats'),
                   sched_stats=solved.get('sched_stats'))
        return self.reports.problems(report), got

    def compare(self, expect, got):
        fields = list(FIELDS)
        if self.options.fuel == 'exact':
            fields.append('fuel_used')
        if self.options.memory and 'mem_stats' in expect:
            fields.append('mem_stats')
        if 'sched_stats' in expect:
            fields.append('sched_stats')
        lines = [line for field in fields for line in differences_of(field, expect.get(field), got.get(field))]
        if self.options.fuel == 'at-most' and (got.get('fuel_used') or 0) > (expect.get('fuel_used') or 0):
            lines.append('fuel_used: expected at most %s, got %s' % (expect.get('fuel_used'), got['fuel_used']))
        return lines


def flags(vector):
    return ['--repair=off', '--input-b64', vector.get('input_b64', ''), *vector.get('flags', [])]


def write_documents(folder, vector):
    """Writes the entry and its modules below `folder`; returns the entry's path."""
    documents = {'main': vector['program'], **vector.get('modules', {})}
    for name, document in documents.items():
        path = os.path.join(folder, name.replace('.', '/') + '.x07.json')
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as out:
            json.dump(document, out)
    return os.path.join(folder, 'main.x07.json')


def without_paths(message, folder):
    return message and re.sub(r'\(searched: [^)]*\)', '(searched: ...)', message.replace(folder + '/', ''))


def same(field, expected, got):
    if field == 'compile_error':
        return without_paths(expected, '/nonexistent') == got
    if field == 'trap' and expected and got and expected.endswith('ptr=*'):
        return re.sub(r'ptr=\S*$', 'ptr=*', got) == expected
    return expected == got


def differences_of(field, expected, got):
    """One line for a field, or one for each member of an object."""
    if isinstance(expected, dict) and isinstance(got, dict):
        return [line for name in sorted({**expected, **got})
                for line in differences_of('%s/%s' % (field, name), expected.get(name), got.get(name))]
    if same(field, expected, got):
        return []
    return ['%s: expected %s, got %s' % (field, show(field, expected), show(field, got))]


def show(field, value):
    if field == 'output_b64' and isinstance(value, str):
        return shorten('%s = %r' % (value, base64.b64decode(value)))
    return shorten(json.dumps(value, ensure_ascii=False))


def ran(vector):
    return ['ran: x07 run --program P %s' % shlex.join(flags(vector)),
            'P: %s' % shorten(json.dumps(vector['program'], ensure_ascii=False), 700)]


def main():
    arguments = parser(__doc__)
    arguments.add_argument('--fuel', choices=['exact', 'at-most', 'off'], default='exact')
    arguments.add_argument('--memory', action='store_true', help='compare allocation statistics too')
    arguments.add_argument('--every', type=int, default=1, metavar='N',
                           help='only every Nth vector, and those with modules or flags')
    options = arguments.parse_args()
    vectors = [vector for i, vector in enumerate(load(options, Later(options.later)))
               if i % options.every == 0 or 'modules' in vector or 'flags' in vector]
    with tempfile.TemporaryDirectory(prefix='x07-replay-cache-') as cache:
        return replay(options, Programs(options, cache).differences, ran, vectors)


if __name__ == '__main__':
    sys.exit(main())
