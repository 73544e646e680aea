"""program_test.py: x07 programs behind the sandbox backend os, as `x07 run` starts them. Their foreign functions know
nothing of the policy, so that only the boundary can refuse them."""
import base64
import json
import os
import struct
import subprocess
import tempfile
import time
import unittest

import network_checks
from escape_test import POLICY
from place import PLUGINS, RUN_JOBS

X07 = os.environ['X07_BIN']
CALLS = [('creat', 2), ('open', 2), ('socket', 3), ('unshare', 1)]
NEW_USER_NAMESPACE = 0x10000000


def extern(name, kinds):
    return {'kind': 'extern', 'abi': 'C', 'name': 'main.' + name, 'link_name': name, 'result': 'i32',
            'params': [{'name': 'p%d' % i, 'ty': kind} for i, kind in enumerate(kinds)]}


def program():
    """Makes a file at the path that is its input, reads it, makes a socket and a user namespace: one i32 for each."""
    path = ['view.as_ptr', 'input']
    calls = [['main.creat', path, 0o666], ['main.open', path, 0], ['main.socket', 2, 1, 0],
             ['main.unshare', NEW_USER_NAMESPACE]]
    text = ['bytes.alloc', 0]
    for call in calls:
        text = ['bytes.concat', text, ['codec.write_u32_le', ['unsafe', call]]]
    return {'schema_version': 'x07.x07ast@0.5.0', 'kind': 'entry', 'module_id': 'main', 'imports': [],
            'decls': [extern('creat', ['ptr_const_u8', 'i32']), extern('open', ['ptr_const_u8', 'i32']),
                      extern('socket', ['i32'] * 3), extern('unshare', ['i32'])],
            'solve': text}


class Programs(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix='x07-program-')
        self.addCleanup(holder.cleanup)
        self.folder = os.path.realpath(holder.name)
        os.makedirs(self.folder + '/work/in')
        os.makedirs(self.folder + '/work/out')
        self.write('main.x07.json', json.dumps(program()))
        self.write('policy.json', json.dumps(dict(POLICY, language={'allow_unsafe': True, 'allow_ffi': True})))

    def write(self, name, text):
        with open(os.path.join(self.folder, 'work', name), 'w', encoding='utf-8') as out:
            out.write(text)

    def run_program(self, path, *options):
        """The four results, and the whole report."""
        self.write('input', path + '\0')
        env = dict(os.environ, X07_NATIVE_CACHE_DIR=self.folder + '/cache')
        command = [X07, 'run', '--program', 'main.x07.json', '--repair', 'off', '--input', 'input', '--report', 'full',
                   *options]
        done = subprocess.run(command, cwd=self.folder + '/work', env=env, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())
        report = json.loads(done.stdout)
        output = base64.b64decode(report['report']['solve']['solve_output_b64'])
        return dict(zip((name for name, _ in CALLS), struct.unpack('<4i', output))), report

    def sandboxed(self, path, backend):
        return self.run_program(path, '--world', 'run-os-sandboxed', '--policy', 'policy.json', '--sandbox-backend',
                                backend, '--i-accept-weaker-isolation')

    def test_foreign_functions(self):
        for path, granted in (('out/new', True), ('in/new', False), ('../new', False), ('/tmp/x07-program-new', False)):
            with self.subTest(path=path):
                if path.startswith('/tmp'):
                    self.addCleanup(lambda: os.path.exists(path) and os.remove(path))
                results, report = self.sandboxed(path, 'os')
                self.assertEqual(results['creat'] >= 0, granted, results)
                self.assertEqual(results['open'] >= 0, granted, results)
                self.assertEqual((results['socket'], results['unshare']), (-1, -1))
                self.assertIn('mount-view', json.dumps(report))
                results, _ = self.sandboxed(path, 'none')
                self.assertGreaterEqual(min(results.values()), 0, results)

    def test_network(self):
        servers = network_checks.Servers()
        self.addCleanup(servers.close)
        done = subprocess.run([RUN_JOBS, PLUGINS], input=json.dumps([servers.job('os', POLICY, self.folder + '/work')]),
                              capture_output=True, text=True, check=True)
        network_checks.check(self, servers, json.loads(done.stdout))

    def test_world_without_policy(self):
        results, _ = self.run_program('../anywhere', '--world', 'run-os', '--sandbox-backend', 'os')
        self.assertGreaterEqual(min(results['creat'], results['open'], results['socket']), 0, results)
        self.assertEqual(results['unshare'], -1)
        self.assertTrue(os.path.exists(self.folder + '/anywhere'))

    def test_what_a_killed_host_leaves_is_swept(self):
        """By the next one, which leaves alone what belongs to one that lives."""
        room = os.path.join(self.folder, 'room')
        os.mkdir(room)
        self.write('patient.x07.json', json.dumps(dict(program(), decls=[], solve=[
            'codec.write_u32_le', ['os.time.sleep_ms_v1', 60000]])))
        env = dict(os.environ, X07_NATIVE_CACHE_DIR=self.folder + '/cache', TMPDIR=room)
        options = ['--world', 'run-os', '--sandbox-backend', 'os', '--repair', 'off']
        hosts = [subprocess.Popen([X07, 'run', '--program', 'patient.x07.json', *options], env=env,
                                  cwd=self.folder + '/work', stdout=subprocess.DEVNULL) for _ in range(2)]
        end = time.monotonic() + 60
        while len(self.left(room)) < 2 and time.monotonic() < end:
            time.sleep(0.01)
        hosts[0].kill()
        hosts[0].wait()
        self.assertEqual(len(self.left(room)), 2)
        self.write('input', 'x')
        subprocess.run([X07, 'run', '--program', 'main.x07.json', '--input', 'input', *options], env=env, check=True,
                       cwd=self.folder + '/work', stdout=subprocess.DEVNULL)
        self.assertEqual(len(self.left(room)), 1)
        hosts[1].terminate()
        hosts[1].wait()
        self.assertEqual(os.listdir(room), [])

    @staticmethod
    def left(room):
        return [name for parent in os.listdir(room) for name in os.listdir(os.path.join(room, parent))]


if __name__ == '__main__':
    unittest.main()
