#!/usr/bin/env python3
"""Calls the heads that reach the operating system and compares what they answer and leave behind.

    tests/conformance/replay_os.py --x07 build/bin/x07 FILE.jsonl

One program, os-heads.x07.json, takes its calls from its input; it is compiled once, and each vector is one run of it
in a fresh directory. A vector is one line:

  {"id", ["tree"], ["env"], ["policy"], "calls", ["answers" | "trap"], ["status"], ["stats"], ["after"]}

tree    what lies in the directory: {"a/b": "content", "d/": null, "link": {"to": "a/b"}, "x": {"hex": ".."}}
policy  makes the program sandboxed: {"FS": 1, "FS_READ_ROOTS": "data"} sets X07_OS_FS and X07_OS_FS_READ_ROOTS
env     further variables; there are no others
calls   [head, operand...]: a text, a number (i32), {"hex": ".."}, {"caps": [max_read, max_write, max_entries,
        max_depth, flags]}, {"run": [argument...], "env": {..}, "cwd": "..", "stdin": ".."}, {"limits": [max_stdout,
        max_stderr, timeout_ms, max_total]}, or {"repeat": "text", "times": n}
        {"cassette": [path, mode, order, [limits]]}, {"entry": {"kind": "rr", "err": 0}}; a file of the tree may be
        {"frames": [entry...]}
        fs.open_read takes a path and how much to read from what it opens
answers one for each call: a text, a number, {"hex": ".."}, {"error": code}, null (none), {"failed": code} (an error
        document), {"out": "..", "err": "..", "exit": n} (a result document), {"stat": [kind, size]}, or "*"
trap    the text that ends the program instead
status  the exit status, with neither answers nor a trap
stats   figures of the statistics line: {"fs_read_file_calls": 1, "sched_stats/sleep_calls": 1}
after   what lies in the directory in the end, as in tree: exactly that"""
import base64
import json
import os
import struct
import subprocess
import sys
import tempfile

from vectors import TIMEOUT, clean_environment, parser, replay, shorten

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(HERE, 'os-heads.x07.json')
STATUS_TRAP = -4  # SIGILL


def lp(data):
    return struct.pack('<I', len(data)) + data


def request(operand):
    """A process request; see the page on processes."""
    text = [argument.encode() for argument in operand['run']]
    pairs = [(key.encode(), value.encode()) for key, value in operand.get('env', {}).items()]
    return (b'\1\0' + struct.pack('<I', len(text)) + b''.join(map(lp, text)) + struct.pack('<I', len(pairs)) +
            b''.join(lp(key) + lp(value) for key, value in pairs) + lp(operand.get('cwd', '').encode()) +
            lp(operand.get('stdin', '').encode()))


def encode(operand):
    if isinstance(operand, int):
        return struct.pack('<I', operand & 0xffffffff)
    if isinstance(operand, str):
        return operand.encode()
    if 'hex' in operand:
        return bytes.fromhex(operand['hex'])
    if 'caps' in operand:
        return struct.pack('<6I', 1, *operand['caps'])
    if 'cassette' in operand:
        return configuration(*operand['cassette'])
    if 'entry' in operand:
        return entry(operand['entry'])
    if 'limits' in operand:
        return b'\1' + struct.pack('<4I', *operand['limits'])
    if 'repeat' in operand:
        return operand['repeat'].encode() * operand['times']
    return request(operand)


def configuration(path, mode, order=0, limits=(1000, 10, 100, 100, 100)):
    return (b'X7RC' + struct.pack('<HHBBHQ4I', 1, 0, mode, order, 0, *limits) + lp(path.encode()))


def entry(members):
    """An entry of a cassette: texts are strings, numbers are numbers."""
    out = b'\1\5' + struct.pack('<I', len(members))
    for name in sorted(members):
        value = members[name]
        out += lp(name.encode()) + (b'\2' if isinstance(value, int) else b'\3') + lp(str(value).encode())
    return out


def numbering():
    """The number that the program gives each head: their order by name."""
    with open(PROGRAM, encoding='utf-8') as file:
        text = file.read()
    heads = sorted(set(part.split('"')[0] for part in text.split('["')
                       if part.split('"')[0].startswith(('fs.', 'os.', 'rr.', 'std.os.'))))
    return {head: number for number, head in enumerate(heads)}


def frame_of(calls, numbers):
    out = b''
    for head, *operands in calls:
        padded = [encode(operand) for operand in operands] + [b''] * (4 - len(operands))
        out += bytes([numbers[head]]) + b''.join(map(lp, padded))
    return lp(out)


def decode(data):
    """The program's output: i number, e error, b bytes, n none."""
    at, answers = 0, []
    while at < len(data):
        tag = data[at:at + 1]
        number = struct.unpack_from('<i', data, at + 1)[0] if tag != b'n' else 0
        at += 1 if tag == b'n' else 5
        if tag == b'b':
            answers.append(data[at:at + number])
            at += number
        else:
            answers.append({b'i': number, b'e': {'error': number}, b'n': None}[tag])
    return answers


def parts(data):
    """A document that is a list of length-prefixed parts."""
    found = []
    while data:
        size = struct.unpack_from('<I', data)[0]
        found.append(data[4:4 + size].decode('utf-8', 'backslashreplace'))
        data = data[4 + size:]
    return found


def described(answer, expected):
    """The answer in the words of the expectation."""
    if not isinstance(answer, bytes):
        return answer
    if not isinstance(expected, dict):
        return answer.decode('utf-8', 'backslashreplace')
    if 'failed' in expected and len(answer) == 9 and answer[:1] == b'\0':
        return {'failed': struct.unpack_from('<I', answer, 1)[0]}
    if 'entry' in expected and answer == entry(expected['entry']):
        return expected
    if 'stat' in expected and len(answer) == 16:
        return {'stat': list(struct.unpack_from('<2I', answer, 4))}
    if 'out' in expected and answer[:2] == b'\1\1':
        out, err = parts(answer[10:])
        return {'out': out, 'err': err, 'exit': struct.unpack_from('<I', answer, 2)[0]}
    return {'hex': answer.hex()}


def plant(folder, tree):
    for name, content in tree.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path.rstrip('/')), exist_ok=True)
        if name.endswith('/'):
            os.makedirs(path, exist_ok=True)
        elif isinstance(content, dict) and 'to' in content:
            os.symlink(content['to'], path)
        elif isinstance(content, dict):
            with open(path, 'wb') as file:
                file.write(b''.join(lp(entry(members)) for members in content['frames']) if 'frames' in content else
                           bytes.fromhex(content['hex']))
        else:
            with open(path, 'w', encoding='utf-8') as file:
                file.write(content)


def gather(folder):
    """What lies in the folder, as `tree` writes it; directories that are not empty are implied."""
    tree = {}
    for at, directories, files in os.walk(folder):
        for name in files + [name for name in directories if os.path.islink(os.path.join(at, name))]:
            path = os.path.join(at, name)
            key = os.path.relpath(path, folder)
            if os.path.islink(path):
                tree[key] = {'to': os.readlink(path)}
            else:
                with open(path, encoding='utf-8', errors='backslashreplace') as file:
                    tree[key] = file.read()
        if not directories and not files and at != folder:
            tree[os.path.relpath(at, folder) + '/'] = None
    return tree


def outcome(done):
    """What the run gave: its answers, its trap, or its status."""
    if done.returncode == 0 and len(done.stdout) >= 4:
        return {'answers': decode(done.stdout[4:])}
    if done.returncode == STATUS_TRAP:
        return {'trap': done.stderr.decode().strip().split('\n')[-1]}
    return {'status': done.returncode}


def compare_stats(vector, stderr):
    lines = []
    for name, want in vector.get('stats', {}).items():
        have = json.loads(stderr.splitlines()[-1])
        for part in name.split('/'):
            have = have[part]
        if have != want:
            lines.append('%s: expected %s, got %s' % (name, want, have))
    return lines


class Calls:
    def __init__(self, binary, folder):
        self.executable = os.path.join(folder, 'os-heads')
        self.numbers = numbering()
        built = subprocess.run([binary, 'run', '--program', PROGRAM, '--repair=off', '--compiled-out', self.executable],
                               cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT,
                               env=clean_environment(X07_NATIVE_CACHE_DIR=folder, X07_CC_ARGS='-O0',
                                                     X07_NATIVE_COMPILER=os.environ.get('X07_NATIVE_COMPILER', '')))
        if not os.path.exists(self.executable):
            sys.exit('cannot compile %s: %s' % (PROGRAM, (built.stdout + built.stderr).decode()[:2000]))

    def differences(self, vector):
        with tempfile.TemporaryDirectory(prefix='x07-os-') as folder:
            plant(folder, vector.get('tree', {}))
            env = dict(vector.get('env', {}))
            if 'policy' in vector:
                env['X07_WORLD'] = 'run-os-sandboxed'
                env.update({'X07_OS_' + name: str(value) for name, value in vector['policy'].items()})
            done = subprocess.run([self.executable], cwd=folder, env=env, capture_output=True, timeout=TIMEOUT,
                                  input=frame_of(vector['calls'], self.numbers))
            return self.compare(vector, outcome(done), folder) + compare_stats(vector, done.stderr)

    @staticmethod
    def compare(vector, got, folder):
        lines = []
        if 'answers' in vector and 'answers' in got:
            expected = vector['answers']
            for i, (want, have) in enumerate(zip(expected, got['answers'])):
                have = described(have, want)
                if want not in ('*', have):
                    lines.append('call %d %s: expected %s, got %s' % (i, vector['calls'][i][0], shorten(json.dumps(want)),
                                                                      shorten(json.dumps(have))))
            if len(expected) != len(got['answers']):
                lines.append('expected %d answers, got %d' % (len(expected), len(got['answers'])))
        else:
            want = {key: vector[key] for key in ('answers', 'trap', 'status') if key in vector}
            if want != got:
                lines.append('expected %s, got %s' % (shorten(str(want)), shorten(str(got))))
        if 'after' in vector and gather(folder) != vector['after']:
            lines.append('left behind: expected %s, got %s' % (vector['after'], gather(folder)))
        return lines


def ran(vector):
    frame = base64.b64encode(frame_of(vector['calls'], numbering())).decode()
    return ['calls: %s' % shorten(json.dumps(vector['calls'])), 'frame at stdin of the program: %s' % shorten(frame, 700)]


def main():
    options = parser(__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix='x07-os-heads-') as folder:
        calls = Calls(os.path.abspath(options.x07), folder)
        return replay(options, calls.differences, ran)


if __name__ == '__main__':
    sys.exit(main())
