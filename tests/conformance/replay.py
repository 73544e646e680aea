#!/usr/bin/env python3
"""Runs recorded programs through `x07 run` and compares the answers.

    tests/conformance/replay.py --x07 build/bin/x07 [options] FILE.jsonl

A vector is one line: {"id", "program", ["modules": {id: document}], ["input_b64"], ["flags"], ["quirk"], "expect"}.
Compared: exit, compile_ok, compile_error, ok, trap, exit_status, output, fuel; with --memory also mem_stats. Every
report is validated against spec/x07-os-runner.report.schema.json. A difference in a vector marked "quirk" is
printed but is no failure: nobody has to copy those answers."""
import argparse
import base64
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = os.path.join(HERE, '..', '..', 'spec')
TIMEOUT = 120
FIELDS = ['exit', 'compile_ok', 'compile_error', 'ok', 'trap', 'exit_status', 'output_b64']


class Replay:
    def __init__(self, options):
        self.options = options
        self.binary = os.path.abspath(options.x07)
        with open(os.path.join(SPEC, 'x07-os-runner.report.schema.json'), encoding='utf-8') as schema:
            schema = json.load(schema)
        self.validator = jsonschema.validators.validator_for(schema)(schema)

    def differences(self, vector, cache):
        """What is wrong with the answer to `vector`: a list of lines, empty when it agrees."""
        with tempfile.TemporaryDirectory(prefix='x07-replay-') as folder:
            folder = os.path.realpath(folder)
            command = self.command(vector, write_documents(folder, vector))
            env = {k: v for k, v in os.environ.items() if not k.startswith('X07_')}
            env['X07_NATIVE_CACHE_DIR'] = cache
            try:
                done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT)
            except subprocess.TimeoutExpired:
                return ['no answer within %d s' % TIMEOUT]
            problems, got = self.read_answer(done, folder)
        return problems + self.compare(vector['expect'], got)

    def command(self, vector, program):
        return [self.binary, 'run', '--program', program, '--repair=off', '--input-b64', vector.get('input_b64', ''),
                *vector.get('flags', [])]

    def read_answer(self, done, folder):
        got = {'exit': done.returncode}
        try:
            report = json.loads(done.stdout)
        except ValueError:
            stderr = done.stderr.decode('utf-8', 'replace')
            return ['no report; stderr: %s' % shorten(stderr)], got
        problems = ['schema: %s at /%s' % (error.message, '/'.join(map(str, error.absolute_path)))
                    for error in self.validator.iter_errors(report)]
        compiled, solved = report.get('compile') or {}, report.get('solve') or {}
        got.update(compile_ok=compiled.get('ok'), ok=solved.get('ok'), trap=solved.get('trap'),
                   compile_error=without_paths(compiled.get('compile_error'), folder),
                   exit_status=solved.get('exit_status'), output_b64=solved.get('solve_output_b64'),
                   fuel_used=solved.get('fuel_used'), mem_stats=solved.get('mem_stats'))
        return problems, got

    def compare(self, expect, got):
        fields = list(FIELDS)
        if self.options.fuel == 'exact':
            fields.append('fuel_used')
        if self.options.memory and 'mem_stats' in expect:
            fields.append('mem_stats')
        lines = ['%s: expected %s, got %s' % (field, show(field, expect.get(field)), show(field, got.get(field)))
                 for field in fields if not same(field, expect.get(field), got.get(field))]
        if self.options.fuel == 'at-most' and (got.get('fuel_used') or 0) > (expect.get('fuel_used') or 0):
            lines.append('fuel_used: expected at most %s, got %s' % (expect.get('fuel_used'), got['fuel_used']))
        return lines


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


def show(field, value):
    if field == 'output_b64' and isinstance(value, str):
        return shorten('%s = %r' % (value, base64.b64decode(value)))
    return shorten(json.dumps(value, ensure_ascii=False))


def shorten(text, limit=400):
    return text if len(text) <= limit else text[:limit] + ' ... (%d characters)' % len(text)


def read_list(path):
    """Ids or `prefix*` patterns, one a line; `#` starts a comment. Returns a predicate on ids."""
    with open(path, encoding='utf-8') as lines:
        names = [line.split('#')[0].strip() for line in lines]
    names = [name for name in names if name]
    prefixes = tuple(name[:-1] for name in names if name.endswith('*'))
    exact = {name for name in names if not name.endswith('*')}
    return lambda id: id in exact or bool(prefixes) and id.startswith(prefixes)


def load(path, later, only):
    with open(path, encoding='utf-8') as lines:
        vectors = [json.loads(line) for line in lines if line.strip()]
    if only:
        return [vector for vector in vectors if vector['id'].startswith(only)]
    return [vector for vector in vectors if not later(vector['id'])]


def report(vector, lines, options):
    print('%s %s' % ('QUIRK' if vector.get('quirk') else 'FAIL', vector['id']))
    for line in lines:
        print('    ' + line)
    print('    ran: x07 run --program P --repair=off --input-b64 %s' %
          shlex.join([vector.get('input_b64', ''), *vector.get('flags', [])]))
    print('    P: %s' % shorten(json.dumps(vector['program'], ensure_ascii=False), 700))
    print('    alone: %s --x07 %s --only %s %s' % (sys.argv[0], options.x07, vector['id'], options.file), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--x07', required=True, metavar='BIN')
    parser.add_argument('--later', metavar='LIST', help='ids that need what is not built yet: left out')
    parser.add_argument('--only', default='', metavar='PREFIX', help='only ids that start so, also those of --later')
    parser.add_argument('--fuel', choices=['exact', 'at-most', 'off'], default='exact')
    parser.add_argument('--memory', action='store_true', help='compare allocation statistics too')
    parser.add_argument('--failed-ids', metavar='FILE', help='write the ids that failed, one a line')
    parser.add_argument('--jobs', type=int, default=os.cpu_count() or 1)
    parser.add_argument('file', metavar='FILE.jsonl')
    options = parser.parse_args()

    vectors = load(options.file, read_list(options.later) if options.later else lambda id: False, options.only)
    if not vectors:
        sys.exit('no vector to run')
    replay = Replay(options)
    failed, quirks = [], 0
    with tempfile.TemporaryDirectory(prefix='x07-replay-cache-') as cache, \
            concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        for vector, lines in zip(vectors, pool.map(lambda v: replay.differences(v, cache), vectors)):
            if not lines:
                continue
            report(vector, lines, options)
            if vector.get('quirk'):
                quirks += 1
            else:
                failed.append(vector['id'])
    if options.failed_ids:
        with open(options.failed_ids, 'w', encoding='utf-8') as out:
            out.writelines(id + '\n' for id in failed)
    print('%d vectors: %d agree, %d failed, %d differ as quirks may' %
          (len(vectors), len(vectors) - len(failed) - quirks, len(failed), quirks))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
