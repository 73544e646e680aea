"""helper_test.py: the command line of x07-confine, as backends use it: how it ends, and what it reports."""
import os
import signal
import subprocess
import tempfile
import unittest

HELPER = os.path.join(os.environ['X07_PLUGINS'], 'x07-confine')
SHELL = ['--spawn', '--run', '/bin/sh', '--', '/bin/sh', '-c']
FAILED = 125


class Helper(unittest.TestCase):
    def setUp(self):
        holder = tempfile.NamedTemporaryFile(prefix='x07-report-', mode='r')
        self.addCleanup(holder.close)
        self.report = holder

    def confine(self, *arguments):
        done = subprocess.run([HELPER, '--report', self.report.name, *arguments], capture_output=True, text=True,
                              check=False)
        self.report.seek(0)
        lines = self.report.read().splitlines()
        self.report.seek(0)
        os.truncate(self.report.name, 0)
        return done, lines

    def test_wrong_command_lines_run_nothing(self):
        for arguments in (['--no-such-option', '--', '/bin/true'], ['--read'], [], ['--'], ['--limit', 'as', '--', 'x'],
                          ['--limit', 'as=', '--', 'x'], ['--limit', 'as=-1', '--', 'x'], ['--limit', 'rss=1', '--', 'x'],
                          ['--tmp', '1k', '--', 'x'], ['--group', '', '--', 'x'],
                          ['--connect', 'tcp,127.0.0.1,80', '--', 'x'], ['--connect', 'tcp,a-b,80', '--', 'x'],
                          ['--connect', 'tcp,127.0.0.1-127.0.0.1,0', '--', 'x'],
                          ['--connect', 'tcp,127.0.0.1-127.0.0.1,65536', '--', 'x'],
                          ['--connect', 'sctp,127.0.0.1-127.0.0.1,1', '--', 'x']):
            with self.subTest(arguments=arguments):
                done, lines = self.confine(*arguments)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (FAILED, '', ''))
                self.assertRegex(lines[-1], '^error E_SANDBOX_OS_USAGE .')
                self.assertNotIn('running', lines)

    def test_report_must_exist(self):
        done = subprocess.run([HELPER, '--report', '/nonexistent/report', '--', '/bin/true'], capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, FAILED)
        self.assertIn('/nonexistent/report', done.stderr)

    def test_missing_program(self):
        done, lines = self.confine('--', '/nonexistent/program')
        self.assertEqual(done.returncode, FAILED)
        self.assertRegex(lines[-1], '^error E_SANDBOX_OS_EXEC cannot execute /nonexistent/program: No such file')

    def test_ends_as_the_program_ends(self):
        for text, code in (('exit 0', 0), ('exit 7', 7), ('kill -SEGV $$', -signal.SIGSEGV),
                           ('kill -KILL $$', -signal.SIGKILL), ('kill -TERM $$', -signal.SIGTERM)):
            with self.subTest(program=text):
                done, lines = self.confine(*SHELL, text)
                self.assertEqual(done.returncode, code)
                self.assertEqual(lines[-1], 'running')

    def test_streams_and_names(self):
        done, _ = self.confine('--argv0', 'name', *SHELL, 'echo $0; echo to-stderr >&2; read line; echo $line', 'x')
        self.assertEqual((done.stdout, done.stderr), ('x\n\n', 'to-stderr\n'))

    def test_roots_that_overlap(self):
        with tempfile.TemporaryDirectory(prefix='x07-roots-') as folder:
            for path in ('read/write/deep', 'read/plain'):
                os.makedirs(os.path.join(folder, path))
            script = ('cd %s/read; for d in . plain write write/deep; do (: >$d/new) 2>/dev/null && echo $d; done; '
                      'exit 0' % folder)
            done, _ = self.confine('--read', folder + '/read', '--write', folder + '/read/write', '--read',
                                   folder + '/read/write/deep', '--read', folder + '/missing', *SHELL, script)
            self.assertEqual(done.stdout, 'write\nwrite/deep\n')

    def test_links_in_what_may_be_written_lead_nowhere(self):
        """A program could make them, for its next run to be given what they lead to."""
        with tempfile.TemporaryDirectory(prefix='x07-links-') as folder:
            for path in ('secret', 'out/real/bin', 'out/real/more'):
                os.makedirs(os.path.join(folder, path))
            for path in ('secret/file', 'out/real/bin/file'):
                with open(os.path.join(folder, path), 'w', encoding='utf-8') as out:
                    out.write(path)
            os.symlink(folder + '/secret', folder + '/out/linked')
            os.symlink('../../secret', folder + '/out/real/linked')
            for place, seen in (('out/real/bin', 'out/real/bin/file'), ('out/linked', ''), ('out/real/linked', '')):
                with self.subTest(place=place):
                    done, lines = self.confine('--write', folder + '/out', '--run', '/bin/cat', '--run',
                                               os.path.join(folder, place), *SHELL,
                                               'cat %s/file 2>/dev/null' % os.path.join(folder, place))
                    self.assertEqual(done.stdout, seen)
                    self.assertEqual(lines[-1], 'running')

    def test_check_runs_nothing(self):
        done, lines = self.confine('--check')
        self.assertEqual((done.returncode, lines[-1]), (0, 'running'))


if __name__ == '__main__':
    unittest.main()
