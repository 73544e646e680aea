"""doctor_test.py: `x07 doctor` reports what is there, and with less on PATH it says what is missing and how to get it."""
import json
import os
import subprocess
import tempfile
import unittest

import jsonschema

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
BINARY = os.environ.get('X07_BIN', os.path.join(ROOT, 'build', 'bin', 'x07'))


def doctor(*arguments, **environment):
    done = subprocess.run([BINARY, 'doctor', *arguments], capture_output=True, text=True, timeout=120, check=False,
                          env={**os.environ, **environment})
    return done.returncode, done.stdout, done.stderr


def compiler(folder, script):
    path = os.path.join(folder, 'clang')
    with open(path, 'w', encoding='utf-8') as file:
        file.write('#!/bin/sh\n' + script)
    os.chmod(path, 0o755)


class Doctor(unittest.TestCase):
    def report(self, expected, *arguments, **environment):
        exit_code, stdout, stderr = doctor(*arguments, **environment)
        self.assertEqual((exit_code, stderr), (expected, ''), stdout)
        report = json.loads(stdout)
        with open(os.path.join(ROOT, 'spec', 'x07-doctor.report.schema.json'), encoding='utf-8') as file:
            jsonschema.Draft202012Validator(json.load(file)).validate(report)
        self.assertEqual(report['ok'], expected == 0)
        return {check['name']: check for check in report['checks']}, '\n'.join(report['suggestions'])

    def test_without_a_compiler(self):
        checks, suggestions = self.report(1, PATH='/nonexistent', X07_VM_KERNEL='/nonexistent/kernel')
        self.assertFalse(checks['c_compiler']['ok'])
        self.assertNotIn('net_deps_curl_openssl', checks)
        self.assertIn('Install a C toolchain (clang or gcc) and ensure it is on PATH.', suggestions)
        self.assertFalse(checks['qemu']['ok'])
        self.assertIn('qemu: ', suggestions)
        self.assertIn('X07_VM_KERNEL: /nonexistent/kernel: No such file', checks['kernel_image']['detail'])
        self.assertTrue(checks['runtime_library']['ok'])
        self.assertTrue(checks['plugins']['ok'])
        self.assertTrue(checks['sandbox_none']['ok'])

    def test_libraries(self):
        """Compilers that find everything, and that miss one library."""
        with tempfile.TemporaryDirectory(prefix='x07-doctor-') as folder:
            compiler(folder, 'exit 0\n')
            checks, _ = self.report(0, PATH=folder)
            self.assertEqual(checks['c_compiler']['detail'], 'found: %s/clang' % folder)
            self.assertEqual(checks['library_pcre2-8'], {'name': 'library_pcre2-8', 'ok': True, 'detail': 'ok'})
            compiler(folder, 'case "$*" in *pcre2*) echo no pcre2 >&2; exit 1;; *curl*) exit 3;; esac\n')
            checks, suggestions = self.report(1, PATH=folder)
            self.assertFalse(checks['net_deps_curl_openssl']['ok'])
            self.assertIn('(status 3)', checks['net_deps_curl_openssl']['detail'])
            self.assertFalse(checks['library_pcre2-8']['ok'])
            self.assertIn('no pcre2', checks['library_pcre2-8']['detail'])
            self.assertTrue(checks['library_utf8proc']['ok'])
            self.assertIn('pcre2', suggestions)

    def test_refused_plugin(self):
        with tempfile.TemporaryDirectory(prefix='x07-doctor-') as folder:
            with open(os.path.join(folder, 'broken.so'), 'wb') as file:
                file.write(b'no plugin')
            checks, suggestions = self.report(1, PATH='/nonexistent', X07_PLUGIN_PATH=folder)
            self.assertFalse(checks['plugins']['ok'])
            self.assertIn('broken.so', checks['plugins']['detail'])
            self.assertIn('plugins: ', suggestions)

    def test_usage(self):
        self.assertEqual(doctor('more')[0], 2)


if __name__ == '__main__':
    unittest.main()
