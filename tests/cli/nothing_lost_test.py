"""nothing_lost_test.py: commands that write documents in place leave the old file or the new one, whatever happens."""
import os
import shutil
import stat
import subprocess
import tempfile
import unittest

X07 = os.environ['X07_BIN']
STRACE = shutil.which('strace')
NOBODY = 65534
OLD = ('{"kind": "entry", "module_id": "main", "schema_version": "x07.x07ast@0.5.0", "imports": [], "decls": [],\n'
       ' "solve": ["begin", ["let", "a", 1, ["bytes.alloc", "a"]]]}\n')
PATCH = '[{"op": "replace", "path": "/solve", "value": ["bytes.alloc", 3]}]'
PATCHSET = '{"schema_version": "x07.patchset@0.1.0", "patches": [{"path": "d.x07.json", "patch": %s}]}' % PATCH
COMMANDS = {
    'fmt': ['fmt', '--write', 'd.x07.json'],
    'fix': ['fix', '--write', '--input', 'd.x07.json'],
    'apply-patch': ['ast', 'apply-patch', '--in', 'd.x07.json', '--patch', 'p.json'],
    'patch': ['patch', 'apply', '--in', 'ps.json', '--write'],
    # The repair of x07 run and x07 build is the same code; build does less besides.
    'repair': ['build', '--program', 'd.x07.json', '--repair', 'write', '--out', os.devnull],
}
# Calls that change files or what they hold; killing at each of these covers every state that the disk can be in.
CALLS = ('openat', 'write', 'fsync', 'fchmod', 'fchown', 'rename', 'close', 'unlink', 'exit_group')
# A build opens and closes many other files, before and after.
CALLS_OF = {'repair': tuple(call for call in CALLS if call not in ('openat', 'close'))}


def strace_works():
    if not STRACE:
        return False
    return subprocess.run([STRACE, '-f', '-o', os.devnull, 'true'], capture_output=True).returncode == 0


class Place:
    """A directory with a document in it."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory(prefix='x07-lost-')
        self.path = os.path.join(self.directory.name, 'd.x07.json')
        for name, text in (('d.x07.json', OLD), ('p.json', PATCH), ('ps.json', PATCHSET)):
            with open(os.path.join(self.directory.name, name), 'w', encoding='utf-8') as file:
                file.write(text)
        os.chmod(self.path, 0o640)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.directory.cleanup()

    def run(self, arguments, before=(), **more):
        return subprocess.run([*before, X07, *arguments], cwd=self.directory.name, capture_output=True, text=True,
                              timeout=60, **more)

    def give_away(self):
        """Root may write everything: makes the files somebody else's, and returns how to run as them."""
        if os.geteuid() != 0:
            return {}
        for name in ('.', *os.listdir(self.directory.name)):
            os.chown(os.path.join(self.directory.name, name), NOBODY, NOBODY)
        return {'user': NOBODY, 'group': NOBODY, 'extra_groups': [],
                'env': dict(os.environ, HOME=self.directory.name, XDG_CACHE_HOME=self.directory.name)}

    def text(self):
        with open(self.path, encoding='utf-8') as file:
            return file.read()


class NothingLost(unittest.TestCase):
    def new_text(self, arguments):
        with Place() as place:
            self.assertEqual(place.run(arguments).returncode, 0)
            text = place.text()
        self.assertNotEqual(text, OLD)
        return text

    def kill(self, name, call, number):
        """Kills the command when it makes that system call for that time. Returns its exit code and the file."""
        with Place() as place:
            done = place.run(COMMANDS[name], [STRACE, '-f', '-qq', '-o', os.devnull, '-e', 'trace=' + call, '-e',
                                              'inject=%s:signal=KILL:when=%d' % (call, number)])
            self.assertEqual(stat.S_IMODE(os.stat(place.path).st_mode), 0o640, '%s, %s %d' % (name, call, number))
            return done.returncode, place.text()

    @unittest.skipUnless(strace_works(), 'strace cannot trace here')
    def test_killed_anywhere(self):
        for name, arguments in COMMANDS.items():
            new = self.new_text(arguments)
            seen = set()
            for call in CALLS_OF.get(name, CALLS):
                for number in range(1, 100):
                    code, text = self.kill(name, call, number)
                    self.assertIn(text, (OLD, new), '%s, killed at %s %d' % (name, call, number))
                    if code == 0:
                        break
                    seen.add((call, text))
            self.assertIn(('rename', OLD), seen, name)
            self.assertIn(('exit_group', new), seen, name)

    def test_mode_and_link(self):
        for name, arguments in COMMANDS.items():
            new = self.new_text(arguments)
            with Place() as place:
                real = os.path.join(place.directory.name, 'real.json')
                os.rename(place.path, real)
                os.symlink('real.json', place.path)
                self.assertEqual(place.run(arguments).returncode, 0, name)
                self.assertTrue(os.path.islink(place.path), name)
                self.assertEqual(place.text(), new, name)
                self.assertEqual(stat.S_IMODE(os.stat(real).st_mode), 0o640, name)

    def test_read_only(self):
        for name, arguments in COMMANDS.items():
            with Place() as place:
                os.chmod(place.path, 0o440)
                done = place.run(arguments, **place.give_away())
                self.assertEqual(done.returncode, 2, '%s: %s' % (name, done.stderr))
                self.assertIn('Permission denied', done.stderr, name)
                self.assertEqual(place.text(), OLD, name)

    def test_disk_full(self):
        """A limit of the size of files stands for a full disk: the write fails half-way."""
        for name, arguments in COMMANDS.items():
            with Place() as place:
                done = place.run(arguments, ['sh', '-c', 'trap "" XFSZ; ulimit -f 0; exec "$@"', 'sh'])
                self.assertEqual(done.returncode, 2, name)
                self.assertIn('File too large', done.stderr, name)
                self.assertEqual(place.text(), OLD, name)
                self.assertEqual(sorted(os.listdir(place.directory.name)), ['d.x07.json', 'p.json', 'ps.json'], name)


if __name__ == '__main__':
    unittest.main()
