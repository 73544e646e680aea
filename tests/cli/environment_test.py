"""environment_test.py: a machine that does not cooperate: missing files, directories and FIFOs where files should be,
no C compiler or a failing one, places that cannot be written, a full disk, an interrupt in the middle."""
import base64
import os
import signal
import subprocess
import time
import unittest

from tool import ECHO, TIMEOUT, ToolTest, document, drafts, listing

ENDLESS = document(['begin', ['for', 'i', 0, -1, ['for', 'j', 0, -1, ['set', 'j', 'j']]], ['bytes.alloc', 0]])


class Files(ToolTest):
    def test_missing(self):
        answer = self.x07('run', '--program', 'absent.x07.json', '--repair', 'off')
        self.assertEqual((answer.exit, answer.stderr),
                         (2, b'read program: absent.x07.json: No such file or directory (os error 2)\n'), answer)
        answer = self.x07('run', '--program', 'absent.x07.json')
        self.assertEqual((answer.exit, answer.stderr), (2, b'repair program: absent.x07.json: read x07AST: '
                         b'absent.x07.json: No such file or directory (os error 2)\n'), answer)
        answer = self.run_program(ECHO, '--input', 'absent.bin')
        self.assertEqual((answer.exit, answer.stderr),
                         (2, b'read input: absent.bin: No such file or directory (os error 2)\n'), answer)
        answer = self.x07('run', '--artifact', 'absent')
        self.assertEqual(answer.exit, 2, answer)

    def test_directories(self):
        os.mkdir(os.path.join(self.folder, 'd.x07.json'))
        answer = self.x07('run', '--program', 'd.x07.json', '--repair', 'off')
        self.assertEqual((answer.exit, answer.stderr),
                         (2, b'read program: d.x07.json: Is a directory (os error 21)\n'), answer)
        self.assertEqual(self.x07('run', '--program', 'd.x07.json').exit, 2)
        answer = self.run_program(ECHO, '--input', 'd.x07.json')
        self.assertEqual((answer.exit, answer.stderr),
                         (2, b'read input: d.x07.json: Is a directory (os error 21)\n'), answer)
        self.assertEqual(self.x07('run', '--artifact', 'd.x07.json').exit, 2)

    def test_artifact_that_is_no_executable(self):
        for data in (b'', b'\x7fELF', b'text'):
            with self.subTest(data=data):
                self.write(data, 'artifact')
                self.assertIn(self.x07('run', '--artifact', 'artifact').exit, (1, 2))

    def test_fifo_as_input(self):
        fifo = os.path.join(self.folder, 'fifo')
        os.mkfifo(fifo)
        with subprocess.Popen(['sh', '-c', 'echo hi >"$0"', fifo]) as writer:
            answer = self.run_program(ECHO, '--input', fifo)
            writer.terminate()
        if answer.exit == 0:
            self.assertEqual(answer.report['solve']['solve_output_b64'], base64.b64encode(b'hi\n').decode(), answer)
        else:
            self.assertEqual(answer.exit, 2, answer)

    def test_closed_and_endless_stdin(self):
        answer = self.run_program(ECHO, '--stdin', stdin=subprocess.DEVNULL)
        self.assertEqual(answer.exit, 0, answer)
        with subprocess.Popen(['sh', '-c', 'head -c 100000000 /dev/zero'], stdout=subprocess.PIPE) as source:
            answer = self.run_program(ECHO, '--stdin', stdin=source.stdout)
            source.stdout.close()
        self.assertEqual((answer.exit, answer.report['solve']['trap']), (1, 'out of memory'), answer)


class Outputs(ToolTest):
    def test_compiled_out(self):
        self.write('a file', 'file')
        os.mkdir(os.path.join(self.folder, 'directory'))
        for path in ('file/solver', 'directory', '/proc/solver', '/dev/full/x'):
            with self.subTest(path=path):
                before = listing(self.folder)
                answer = self.run_program(ECHO, '--compiled-out', path)
                self.assertEqual(answer.exit, 2, answer)
                self.assertEqual([n for n in listing(self.folder) if n not in before],
                                 [n for n in [self.folder + '/main.x07.json'] if n not in before], answer)

    def test_report_out(self):
        answer = self.run_program(ECHO, '--report-out', '/proc/report.json')
        self.assertEqual(answer.exit, 2, answer)

    def test_stdout_full(self):
        path = self.write(ECHO)
        with open('/dev/full', 'wb') as full:
            done = subprocess.run([self.binary, 'run', '--program', path, '--repair', 'off'], stdout=full,
                                  stderr=subprocess.PIPE, env=self.environment(), timeout=TIMEOUT)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertNotEqual(done.stderr, b'')


class Compilers(ToolTest):
    def test_no_compiler(self):
        for value in ('/nonexistent/cc', 'no-such-compiler', ''):
            with self.subTest(X07_CC=value):
                answer = self.run_program(ECHO, env=self.environment(X07_CC=value))
                self.assertEqual((answer.exit, answer.stderr), (
                    2, b'invoke cc: "%s": No such file or directory (os error 2)\n' % value.encode()), answer)
        for name in ('cc', 'tcc'):
            answer = self.run_program(ECHO, '--native-compiler', name, env=self.environment(PATH='/nonexistent'))
            self.assertEqual((answer.exit, answer.stderr), (
                2, b'invoke %s: "%s": No such file or directory (os error 2)\n' % (name.encode(), name.encode())), answer)
        answer = self.run_program(ECHO, '--native-compiler', 'ecc')
        self.assertEqual((answer.exit, answer.stderr), (
            2, b'no plugin serves native "ecc" in world run-os (see: x07 plugins list)\n'), answer)

    def test_failing_compiler(self):
        compiler = self.script('cc', 'case $* in *--version*) echo fake 1; exit 0;; esac\necho broken >&2\nexit 3')
        answer = self.run_program(ECHO, env=self.environment(X07_CC=compiler))
        self.assertEqual(answer.exit, 1, answer)
        compiled = answer.report['compile']
        self.assertEqual((compiled['ok'], compiled['exit_status'], compiled['compile_error'], answer.report['solve']),
                         (False, 3, 'C toolchain failed (exit=3)', None), answer)
        stderr = base64.b64decode(compiled['stderr_b64']).decode()
        self.assertTrue(stderr.startswith('--- x07 cc invocation ---\ncc: %s\n' % compiler), stderr)
        self.assertTrue(stderr.endswith('--- cc stderr ---\nbroken\n'), stderr)

    def test_compiler_that_writes_nothing(self):
        compiler = self.script('cc', 'exit 0')
        self.assertIn(self.run_program(ECHO, env=self.environment(X07_CC=compiler)).exit, (1, 2))

    def script(self, name, body):
        path = self.write('#!/bin/sh\n%s\n' % body, name)
        os.chmod(path, 0o755)
        return path


class Cache(ToolTest):
    def test_unusable_folder(self):
        self.write('a file', 'file')
        answer = self.run_program(ECHO, env=self.environment(X07_NATIVE_CACHE_DIR=self.folder + '/file/cache'))
        self.assertIn(answer.exit, (0, 2), answer)

    def test_damaged_entry_is_rebuilt(self):
        self.assertEqual(self.run_program(ECHO, '--input-b64', 'aGk=').exit, 0)
        entries = [name for name in listing(self.cache) if os.access(name, os.X_OK)]
        self.assertTrue(entries, 'nothing was cached')
        for damage in (b'', b'\x7fELF and nothing more'):
            for name in entries:
                with open(name, 'wb') as out:
                    out.write(damage)
            answer = self.run_program(ECHO, '--input-b64', 'aGk=')
            self.assertEqual(answer.exit, 0, answer)
            self.assertEqual(answer.report['solve']['solve_output_b64'], 'aGk=', answer)

    def test_full_disk(self):
        disk, left = os.path.join(self.folder, 'disk'), os.path.join(self.folder, 'left')
        os.mkdir(disk)
        if self.on_full_disk(disk, left, ['true']).returncode != 0:
            self.skipTest('no mount namespace can be had here')
        path = self.write(ECHO)
        done = self.on_full_disk(disk, left, [self.binary, 'run', '--program', path, '--repair', 'off'])
        with open(left) as names:
            partial = drafts(names.read().split())
        self.assertIn(done.returncode, (0, 1, 2), done)
        self.assertTrue(done.stdout or done.stderr, done)
        self.assertFalse(partial, done)

    def on_full_disk(self, disk, left, command):
        """Runs a command whose cache lies on a file system with 4 KiB left; writes what is in it at the end to `left`."""
        script = ('mount -t tmpfs -o size=16k none "$0" && dd if=/dev/zero of="$0/fill" bs=4k count=3 status=none && '
                  '{ left=$1; shift; "$@"; code=$?; ls -AR "$0" >"$left"; exit $code; }')
        return subprocess.run(['unshare', '--map-root-user', '--mount', 'sh', '-c', script, disk, left, *command],
                              env=self.environment(X07_NATIVE_CACHE_DIR=disk), capture_output=True, timeout=TIMEOUT)


class Interrupts(ToolTest):
    def test_interrupt_while_running(self):
        path = self.write(ENDLESS)
        self.interrupt(path, lambda: self.descendants('solver'))

    def test_interrupt_while_compiling(self):
        compiler = self.write('#!/bin/sh\ncase $* in *--version*) echo fake 1; exit 0;; esac\nexec sleep 600\n', 'cc')
        os.chmod(compiler, 0o755)
        self.interrupt(self.write(ECHO), lambda: self.descendants('sleep'), X07_CC=compiler)

    def interrupt(self, path, started, **extra):
        """Interrupts x07 once `started` says so; nothing that it started may be left."""
        env = self.environment(X07_TEST_MARK=self.folder, **extra)
        with subprocess.Popen([self.binary, 'run', '--program', path, '--repair', 'off', '--solve-fuel',
                               '18446744073709551615', '--cpu-time-limit-seconds', '600'], cwd=self.folder, env=env,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tool:
            self.wait_for(started, 'x07 never came that far')
            tool.send_signal(signal.SIGINT)
            stdout, stderr = tool.communicate(timeout=TIMEOUT)
        self.assertIn(tool.returncode, (130, -signal.SIGINT), stderr)
        self.assertEqual(stdout, b'')
        self.wait_for(lambda: not self.descendants(''), 'a process was left behind')
        self.assertEqual(listing(self.scratch), [], 'files were left behind')
        self.assertEqual(drafts(listing(self.cache)), [], 'a partial file was left')

    def wait_for(self, condition, message):
        end = time.monotonic() + TIMEOUT
        while not condition():
            self.assertLess(time.monotonic(), end, message)
            time.sleep(0.02)

    def descendants(self, name):
        """Processes that carry this test's mark in their environment and `name` in their command line."""
        found = []
        mark = b'X07_TEST_MARK=' + self.folder.encode()
        for pid in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open('/proc/%s/environ' % pid, 'rb') as environ, open('/proc/%s/cmdline' % pid, 'rb') as command:
                    if mark in environ.read().split(b'\0') and name.encode() in command.read():
                        found.append(int(pid))
            except OSError:
                continue
        return found


if __name__ == '__main__':
    unittest.main()
