#!/usr/bin/env python3
"""Runs recorded command lines and compares exit code, stdout, stderr and files.

    tests/conformance/replay_cli.py --x07 build/bin/x07 [options] FILE.jsonl

A vector is one line: {"id", "files": {name: text}, "argv", ["tool"], ["stdin_b64"], ["quirk"], "expect": {"exit", "stdout"
or "stdout_json", "stderr" or "stderr_json", "files": {name: text or null}}}. The command runs in a fresh folder that holds
the files; "$CWD" stands for that folder; "tool" is another executable beside BIN. "*" matches anything; in JSON, "* TEXT"
matches a string that ends in " TEXT". Files that "expect" does not list must be as they were. Keys that "expect" lacks are
not compared."""
import base64
import json
import os
import shlex
import subprocess
import sys
import tempfile

from vectors import TIMEOUT, Reports, clean_environment, parser, replay, shorten


class CommandLines:
    def __init__(self, options, cache):
        self.binary = os.path.abspath(options.x07)
        self.env = clean_environment(X07_NATIVE_CACHE_DIR=cache, X07_NATIVE_COMPILER=options.native_compiler)
        self.reports = Reports()

    def differences(self, vector):
        with tempfile.TemporaryDirectory(prefix='x07-replay-') as folder:
            folder = os.path.join(os.path.realpath(folder), 'work')
            os.mkdir(folder)
            write_files(folder, vector.get('files', {}))
            before = read_files(folder)
            binary = os.path.join(os.path.dirname(self.binary), vector.get('tool', 'x07'))
            command = [binary, *(word.replace('$CWD', folder) for word in vector['argv'])]
            try:
                done = subprocess.run(command, cwd=folder, env=self.env, capture_output=True, timeout=TIMEOUT,
                                      input=base64.b64decode(vector.get('stdin_b64', '')))
            except subprocess.TimeoutExpired:
                return ['no answer within %d s' % TIMEOUT]
            got = {'exit': done.returncode, 'stdout': text_of(done.stdout, folder),
                   'stderr': text_of(done.stderr, folder)}
            after = read_files(folder)
        return self.compare(vector['expect'], got) + compare_files(vector['expect'], before, after)

    def compare(self, expect, got):
        lines = []
        if expect.get('exit', got['exit']) != got['exit']:
            lines.append('exit: expected %s, got %s' % (expect['exit'], got['exit']))
        for stream in ('stdout', 'stderr'):
            if expect.get(stream, '*') not in ('*', got[stream]):
                lines.append('%s: expected %s, got %s' % (stream, quote(expect[stream]), quote(got[stream])))
            if stream + '_json' in expect:
                lines += self.compare_json(stream, expect[stream + '_json'], got[stream])
        return lines

    def compare_json(self, stream, expected, text):
        try:
            document = json.loads(text)
        except ValueError:
            return ['%s: not JSON: %s' % (stream, quote(text))]
        lines = ['%s %s' % (stream, line) for line in json_differences(expected, document)]
        if stream == 'stdout' and document.get('schema_version') in self.reports.validators:
            lines += self.reports.problems(document)
        return lines


def json_differences(expected, got, at=''):
    if expected == '*':
        return []
    if isinstance(expected, str) and expected.startswith('* ') and isinstance(got, str):
        return [] if got.endswith(expected[1:]) else ['%s: expected %s, got %s' % (at, quote(expected), quote(got))]
    if isinstance(expected, dict) and isinstance(got, dict):
        lines = ['%s/%s: missing' % (at, name) for name in expected if name not in got]
        lines += ['%s/%s: not expected' % (at, name) for name in got if name not in expected]
        for name in expected:
            if name in got:
                lines += json_differences(expected[name], got[name], '%s/%s' % (at, name))
        return lines
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        return [line for i, pair in enumerate(zip(expected, got)) for line in json_differences(*pair, '%s/%d' % (at, i))]
    if type(expected) is type(got) and expected == got:
        return []
    return ['%s: expected %s, got %s' % (at or '/', quote(expected), quote(got))]


def compare_files(expect, before, after):
    if 'files' not in expect:
        return []
    wanted = {**before, **expect['files']}
    return ['file %s: expected %s, got %s' % (name, quote(text), quote(after.get(name)))
            for name, text in sorted(wanted.items())
            if (after.get(name) is None if text == '*' else after.get(name) != text)]


def write_files(folder, files):
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as out:
            out.write(text.replace('$CWD', folder).encode('utf-8', 'surrogateescape'))


def read_files(folder):
    files = {}
    for at, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(at, name)
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, 'rb') as file:
                    files[os.path.relpath(path, folder)] = text_of(file.read(), folder)
    return files


def text_of(data, folder):
    return data.decode('utf-8', 'surrogateescape').replace(folder, '$CWD')


def quote(value):
    return shorten(json.dumps(value, ensure_ascii=False))


def ran(vector):
    return ['ran: %s %s' % (vector.get('tool', 'x07'), shlex.join(vector['argv'])),
            'in a folder with: %s' % shorten(json.dumps(vector.get('files', {}), ensure_ascii=False), 1000)]


def main():
    options = parser(__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix='x07-replay-cache-') as cache:
        return replay(options, CommandLines(options, cache).differences, ran)


if __name__ == '__main__':
    sys.exit(main())
