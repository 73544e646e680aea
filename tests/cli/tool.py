"""tool.py: runs the x07 command in a folder of its own and checks what every outcome must keep: at most one JSON
document on stdout, an error on stderr where there is none, a documented exit code, no leftover file or process.
X07_BIN names the binary, build/bin/x07 unless it is set; X07_NATIVE_COMPILER may name a native compiler for tests that
are not about cc. Knows nothing of particular programs or reports."""
import json
import os
import shlex
import subprocess
import tempfile
import unittest

DEFAULT_BINARY = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'build', 'bin', 'x07')
TIMEOUT = 120
EXIT_CODES = (0, 1, 2, 3)


def document(solve, **fields):
    """An entry document; a field given as None is left out."""
    doc = {'schema_version': 'x07.x07ast@0.5.0', 'kind': 'entry', 'module_id': 'main', 'imports': [], 'decls': [],
           'solve': solve}
    doc.update(fields)
    return {name: value for name, value in doc.items() if value is not None}


ECHO = document(['view.to_bytes', 'input'])


class Answer:
    def __init__(self, command, code, stdout, stderr):
        self.command, self.exit, self.stdout, self.stderr = command, code, stdout, stderr
        self.report = json.loads(stdout) if stdout else None

    @property
    def compile_error(self):
        return self.report and self.report['compile']['compile_error']

    def __str__(self):
        return 'ran: %s\nexit: %d\nstdout: %s\nstderr: %s' % (
            shlex.join(self.command), self.exit, shorten(self.stdout), shorten(self.stderr))


def shorten(data, limit=1500):
    text = data.decode('utf-8', 'replace')
    return text if len(text) <= limit else text[:limit] + '... (%d bytes)' % len(data)


class ToolTest(unittest.TestCase):
    def setUp(self):
        self.binary = os.environ.get('X07_BIN') or DEFAULT_BINARY
        holder = tempfile.TemporaryDirectory(prefix='x07-cli-')
        self.addCleanup(holder.cleanup)
        self.folder = os.path.join(os.path.realpath(holder.name), 'work')
        self.scratch = os.path.join(os.path.realpath(holder.name), 'tmp')
        self.cache = os.path.join(os.path.realpath(holder.name), 'cache')
        os.mkdir(self.folder)
        os.mkdir(self.scratch)

    def write(self, data, name='main.x07.json'):
        """Writes bytes, text or a JSON value to a file of the folder; returns its path."""
        if not isinstance(data, (bytes, str)):
            data = json.dumps(data)
        if isinstance(data, str):
            data = data.encode('utf-8', 'surrogatepass')
        path = os.path.join(self.folder, name)
        with open(path, 'wb') as out:
            out.write(data)
        return path

    def environment(self, **extra):
        env = {k: v for k, v in os.environ.items() if not k.startswith('X07_')}
        if 'X07_CC' not in extra:
            env['X07_NATIVE_COMPILER'] = os.environ.get('X07_NATIVE_COMPILER', '')
        env.update(TMPDIR=self.scratch, X07_NATIVE_CACHE_DIR=self.cache,
                   X07_PKG_HOME=os.path.join(os.path.dirname(self.folder), 'home'),
                   X07_VM_CACHE_DIR=os.path.join(os.path.dirname(self.folder), 'vm', 'cache'),
                   X07_VM_STATE_DIR=os.path.join(os.path.dirname(self.folder), 'vm', 'jobs'))
        env.update(extra)
        return env

    def x07(self, *arguments, env=None, stdin=subprocess.DEVNULL, timeout=TIMEOUT):
        """Runs x07 and checks what must hold for every command line."""
        command = [self.binary, *arguments]
        before = listing(self.folder)
        done = subprocess.run(command, cwd=self.folder, env=env or self.environment(), stdin=stdin,
                              capture_output=True, timeout=timeout)
        try:
            answer = Answer(command, done.returncode, done.stdout, done.stderr)
        except ValueError as error:
            self.fail('stdout is not one JSON document (%s)\nran: %s\nstdout: %s' %
                      (error, shlex.join(command), shorten(done.stdout)))
        self.assertIn(answer.exit, EXIT_CODES, answer)
        if answer.exit >= 2:
            self.assertEqual(answer.stdout, b'', answer)
            self.assertNotEqual(answer.stderr.strip(), b'', answer)
        else:
            self.assertIsNotNone(answer.report, answer)
            self.assertEqual(answer.report['exit_code'], answer.exit, answer)
        self.assertEqual(listing(self.scratch), [], 'left in the temporary folder\n%s' % answer)
        self.assertEqual(drafts(listing(self.folder)), drafts(before), 'a partial file was left\n%s' % answer)
        return answer

    def run_program(self, data, *flags, repair='off', name='main.x07.json', **keywords):
        """Writes the program, runs it, and checks that its file was left alone when repair is not `write`."""
        path = self.write(data, name)
        with open(path, 'rb') as file:
            before = file.read()
        answer = self.x07('run', '--program', path, '--repair', repair, *flags, **keywords)
        with open(path, 'rb') as file:
            after = file.read()
        if repair != 'write':
            self.assertTrue(before == after, 'the program file was changed\n%s' % answer)
        return answer

    def assert_compile_error(self, answer, expected):
        self.assertEqual(answer.exit, 1, answer)
        self.assertIs(answer.report['compile']['ok'], False, answer)
        self.assertIsNone(answer.report['solve'], answer)
        self.assertEqual(answer.compile_error, expected, answer)


def listing(folder):
    return sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names)


def drafts(paths):
    """Those that are files on their way to replace another."""
    return [path for path in paths if path.endswith('.tmp')]
