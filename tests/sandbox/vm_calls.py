"""vm_calls.py: the recorded calls of the file system (tests/conformance/os-calls.jsonl) in one guest: the same answers as
without a sandbox, and the same left behind, show that shared roots are complete."""
import json
import os
import shlex
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'conformance'))
import replay_os  # pylint: disable=wrong-import-position

VECTORS = os.path.join(HERE, '..', 'conformance', 'os-calls.jsonl')


def fits(vector):
    """Those that work with files; each costs a start of the program, and traps and settings are the same everywhere."""
    return ('answers' in vector and not vector['id'].startswith('policy/') and
            all(call[0].startswith(('os.fs.', 'fs.', 'std.os.fs.')) for call in vector['calls']))


def load():
    with open(VECTORS, encoding='utf-8') as lines:
        return [vector for vector in map(json.loads, lines) if fits(vector)]


class Calls(replay_os.Calls):
    """The vectors' folders lie beneath `place`, a write root of the guest."""

    def __init__(self, binary, place):
        super().__init__(binary, tempfile.mkdtemp(dir=os.path.dirname(place)))
        self.place = place
        self.vectors = load()

    def script(self):
        """Plants the trees, and says how to run all of them."""
        lines = []
        for number, vector in enumerate(self.vectors):
            base = os.path.join(self.place, str(number))
            os.mkdir(base)
            replay_os.plant(base, vector.get('tree', {}))
            with open(base + '.in', 'wb') as out:
                out.write(replay_os.frame_of(vector['calls'], self.numbers))
            env = dict(vector.get('env', {}))
            if 'policy' in vector:
                env['X07_WORLD'] = 'run-os-sandboxed'
                env.update({'X07_OS_' + name: str(value) for name, value in vector['policy'].items()})
            words = ['%s=%s' % (name, shlex.quote(value)) for name, value in env.items()] + [self.executable]
            lines.append('cd %s; %s < ../%d.in > ../%d.out 2> ../%d.err; echo $? > ../%d.status' % (
                base, ' '.join(words), number, number, number, number))
        return '\n'.join(lines)

    def differences(self):
        lines = []
        for number, vector in enumerate(self.vectors):
            base = os.path.join(self.place, str(number))
            with open(base + '.status', encoding='utf-8') as status, open(base + '.out', 'rb') as out, \
                    open(base + '.err', 'rb') as err:
                done = Done(int(status.read()), out.read(), err.read())
            found = self.compare(vector, replay_os.outcome(done), base)
            lines += ['%s: %s' % (vector['id'], line) for line in found + replay_os.compare_stats(vector, done.stderr)]
        return lines


class Done:
    """What a shell saw of a program."""

    def __init__(self, status, stdout, stderr):
        self.returncode = status if status < 128 else 128 - status
        self.stdout = stdout
        self.stderr = stderr.replace(b'Illegal instruction\n', b'')  # the shell says so when a program traps
