"""embed_test.py: programs built as libraries, called from a C host (host.c), and `x07 build` itself."""
import glob
import os
import signal
import subprocess
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
X07 = os.environ['X07_BIN']
PREFIX = os.path.dirname(os.path.dirname(X07))
INCLUDE = os.path.join(PREFIX, 'include', 'x07rt')
RUNTIME = glob.glob(os.path.join(PREFIX, 'lib*', '**', 'libx07rt.a'), recursive=True)[0]
WARNINGS = ['-Wall', '-Wextra', '-Werror']


def build(*arguments):
    return subprocess.run([X07, 'build', *arguments], capture_output=True, text=True, check=False)


def program(name):
    return os.path.join(HERE, name + '.x07.json')


class Embed(unittest.TestCase):
    def setUp(self):
        self.top = tempfile.TemporaryDirectory()
        self.addCleanup(self.top.cleanup)

    def path(self, name):
        return os.path.join(self.top.name, name)

    def host(self, name, *flags, allocator=False):
        """The host with the program in it."""
        done = build('--program', program(name), '--repair=off', '--out', self.path('program.c'),
                     '--emit-c-header', self.path('program.h'), *flags)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, '', ''))
        command = ['cc', '-std=gnu11', '-O1', *WARNINGS, '-I', INCLUDE, '-I', self.top.name, '-o', self.path('host'),
                   os.path.join(HERE, 'host.c'), self.path('program.c'), RUNTIME]
        subprocess.run(command + (['-DWITH_ALLOCATOR'] if allocator else []), check=True)
        return self.path('host')

    def passes(self, host, part):
        done = subprocess.run([host, part], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, '', ''), part)

    def traps(self, host, part, text):
        done = subprocess.run([host, part], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (-signal.SIGILL, '', text), part)

    def test_calls(self):
        for flags in ((), ('--freestanding',)):
            self.passes(self.host('echo', *flags), 'echo')
            self.passes(self.host('report', *flags), 'count')

    def test_traps_say_why(self):
        host = self.host('report')
        for part, text in (('trap', 'view.slice oob ptr=/solve/3/2/1\n'), ('fuel', 'fuel exhausted\n'),
                           ('null-arena', 'arena_mem is NULL\n'), ('no-arena', 'heap too small\n'),
                           ('small-arena', 'heap too small\n'), ('full-arena', 'out of memory\n')):
            self.traps(host, part, text)

    def test_freestanding_traps_are_silent(self):
        host = self.host('report', '--freestanding')
        for part in ('trap', 'fuel', 'null-arena', 'small-arena'):
            self.traps(host, part, '')

    def test_allocator(self):
        self.passes(self.host('echo', allocator=True), 'hooks-echo')
        host = self.host('report', allocator=True)
        self.passes(host, 'hooks-count')
        self.passes(host, 'hooks-small-arena')
        self.traps(host, 'hooks-missing', 'custom allocator missing hooks\n')
        self.traps(host, 'hooks-fail', 'allocator.alloc failed\n')

    def test_freestanding_needs_no_system(self):
        """Nothing but four functions that every C compiler may ask for."""
        self.host('report', '--freestanding')
        subprocess.run(['cc', '-c', '-O1', '-ffreestanding', '-I', INCLUDE, self.path('program.c'), '-o',
                        self.path('program.o')], check=True)
        subprocess.run(['ld', '-r', '--gc-sections', '-u', 'x07_solve_v2', '-e', 'x07_solve_v2',
                        self.path('program.o'), RUNTIME, '-o', self.path('all.o')], check=True)
        names = subprocess.run(['nm', '-u', self.path('all.o')], capture_output=True, text=True, check=True).stdout
        self.assertLessEqual({line.split()[-1] for line in names.splitlines()} - {'_GLOBAL_OFFSET_TABLE_'},
                             {'memcpy', 'memset', 'memcmp', 'memmove'})

    def test_header_is_c_and_cxx(self):
        self.host('echo')
        with open(self.path('program.h'), encoding='utf-8') as file:
            self.assertIn('#ifndef X07_PKG_H', file.read())
        for language in ('c', 'c++'):
            subprocess.run(['cc', '-x', language, '-fsyntax-only', *WARNINGS, '-include', self.path('program.h'),
                            os.devnull], check=True)


class Build(unittest.TestCase):
    def setUp(self):
        self.top = tempfile.TemporaryDirectory()
        self.addCleanup(self.top.cleanup)

    def path(self, name):
        return os.path.join(self.top.name, name)

    def fails(self, message, *arguments):
        done = build(*arguments)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (2, '', message + '\n'))

    def test_executable(self):
        done = build('--program', program('echo'), '--repair=off')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        with open(self.path('a.c'), 'w', encoding='utf-8') as file:
            file.write(done.stdout)
        subprocess.run(['cc', *WARNINGS, '-I', INCLUDE, self.path('a.c'), RUNTIME, '-o', self.path('a')], check=True)
        done = subprocess.run([self.path('a')], input=b'\x03\0\0\0abc', capture_output=True, check=True)
        self.assertEqual(done.stdout, b'\x03\0\0\0abc')

    def test_same_bytes_twice(self):
        first, second = (build('--program', program('report'), '--repair=off', '--freestanding') for _ in range(2))
        self.assertEqual(first.stdout, second.stdout)
        self.assertTrue(first.stdout.startswith('#define X07_FREESTANDING'))

    def test_failures(self):
        self.fails('compile failed: Unsupported: freestanding profile currently supports only --world solve-pure',
                   '--program', program('echo'), '--freestanding', '--world', 'run-os')
        self.fails('read entry: %s: No such file or directory (os error 2)' % self.path('none.x07.json'),
                   '--program', self.path('none.x07.json'), '--repair=off')
        self.fails('nothing to build (pass --project or --program)')
        with open(self.path('bad.x07.json'), 'w', encoding='utf-8') as file:
            file.write('{"schema_version":"x07.x07ast@0.5.0","kind":"entry","module_id":"main","imports":[],'
                       '"decls":[],"solve":["ptr.null"]}')
        with open(self.path('kept.c'), 'w', encoding='utf-8') as file:
            file.write('kept')
        self.fails('compile failed: Unsupported: ptr.null requires unsafe capability; compile with --world run-os or '
                   '--world run-os-sandboxed (fn=solve)', '--program', self.path('bad.x07.json'), '--repair=off',
                   '--out', self.path('kept.c'))
        with open(self.path('kept.c'), encoding='utf-8') as file:
            self.assertEqual(file.read(), 'kept')
        self.fails('compile failed: Unsupported: ptr.null requires unsafe capability; unsafe is disabled '
                   '(allow_unsafe=false) (fn=solve)', '--program', self.path('bad.x07.json'), '--repair=off',
                   '--world', 'run-os-sandboxed')

    def test_gates_of_externs(self):
        document = ('{"schema_version":"x07.x07ast@0.5.0","kind":"entry","module_id":"main","imports":[],"decls":['
                    '{"kind":"extern","abi":"C","name":"main.abs","params":[{"name":"x","ty":"%s"}],'
                    '"result":"i32"}],"solve":["unsafe",["bytes1",["main.abs",1]]]}')
        with open(self.path('x.x07.json'), 'w', encoding='utf-8') as file:
            file.write(document % 'i32')
        arguments = ('--program', self.path('x.x07.json'), '--repair=off')
        self.fails('compile failed: Unsupported: extern decl "main.abs" requires ffi capability; compile with '
                   '--world run-os or --world run-os-sandboxed', *arguments)
        self.fails('compile failed: Unsupported: extern decl "main.abs" requires ffi capability; ffi is disabled '
                   '(allow_ffi=false)', *arguments, '--world', 'run-os-sandboxed')
        done = build(*arguments, '--world', 'run-os')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertIn('__asm__("abs")', done.stdout)

    def test_header_fails_last(self):
        done = build('--program', program('echo'), '--repair=off', '--emit-c-header', '/dev/null/h', '--out',
                     self.path('a.c'))
        self.assertEqual((done.returncode, done.stdout), (2, ''))
        self.assertTrue(done.stderr.startswith('emit header failed: '), done.stderr)
        self.assertTrue(os.path.exists(self.path('a.c')))


if __name__ == '__main__':
    unittest.main()
