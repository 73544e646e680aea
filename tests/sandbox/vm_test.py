"""vm_test.py: the sandbox backend vm, with software emulation: what a guest is, what comes in and out of it, and what is
refused. A guest is booted once for all; every other test resumes it. The escape suite is escape_test.py."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import network_checks
import vm_calls

X07 = os.environ['X07_BIN']
RUN_JOBS = os.environ['X07_RUN_JOBS']
ECHO = {'schema_version': 'x07.x07ast@0.5.0', 'kind': 'entry', 'module_id': 'main', 'imports': [], 'decls': [],
        'solve': ['view.to_bytes', 'input']}
POLICY = {
    'schema_version': 'x07.run-os-policy@0.1.0', 'policy_id': 'vm',
    'limits': {'cpu_ms': 30000, 'wall_ms': 60000, 'mem_bytes': 268435456, 'fds': 64, 'procs': 16},
    'fs': {'enabled': True, 'read_roots': ['in'], 'write_roots': ['out'], 'deny_hidden': False},
    'net': {'enabled': False, 'allow_dns': False, 'allow_tcp': False, 'allow_udp': False, 'allow_hosts': []},
    'env': {'enabled': False, 'allow_keys': [], 'deny_keys': []},
    'time': {'enabled': True, 'allow_monotonic': True, 'allow_wall_clock': True, 'allow_sleep': True,
             'max_sleep_ms': 1000, 'allow_local_tzid': False},
    'process': {'enabled': True, 'allow_spawn': True, 'max_live': 8, 'max_spawns': 8, 'max_runtime_ms': 60000,
                'allow_exec': True, 'allow_exit': True, 'allow_execs': ['/bin/rm', '/bin/ln', '/bin/mv', '/bin/dd'], 'allow_exec_prefixes': ['/bin/mkd']},
}
UNAVAILABLE, REFUSED = 3, 5
FILES = r'''
read -r line < in/file && printf 'read %s\n' "$line"
read -r line < in/link && printf 'through a link %s\n' "$line"
(: > in/file) 2> /dev/null || printf 'in is read-only\n'
(: > /etc/new) 2> /dev/null || printf 'so is the rest\n'
read -r line < secret && printf 'read the secret\n'
[ -r /usr/share/zoneinfo/Europe/Berlin ] && printf 'zones\n'
printf 'new\n' > out/new
printf 'changed\n' > out/old
printf 'more\n' >> out/old
rm out/gone
mkdir out/folder && printf 'deep\n' > out/folder/deep
mv out/gone-too out/moved
ln -s old out/good-link
ln -s ../secret out/bad-link 2> /dev/null
ln -s /etc/passwd out/worse-link 2> /dev/null
dd if=in/big of=out/block bs=4096 skip=150000 count=1 2> /dev/null
printf '%s ' in/* out/[!bw]*
'''
LIVE = r'''
exec 5> out/open; printf 'one ' >&5
printf 'here' > out/ready
while ! [ -e in/late ]; do :; done
read -r line < in/late && printf '%s\n' "$line"
read -r line < in/file && printf '%s\n' "$line"
printf 'two' >&5; rm out/open && printf 'three' >&5 && printf 'gone but open\n'
(: > nested/new) 2> /dev/null || printf 'only out is writable\n'
read -r line < nested/in/file && printf 'nested %s\n' "$line"
read -r line < alone && printf 'alone %s\n' "$line"
while :; do :; done
'''


class Vm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base = os.path.realpath(tempfile.mkdtemp(prefix='x07-vm-'))
        cls.addClassCleanup(shutil.rmtree, cls.base)
        cls.env = {k: v for k, v in os.environ.items()
                   if not k.startswith('X07_') or k in ('X07_VM_KERNEL', 'X07_VM_MODULES')}
        cls.env.update(X07_VM_ACCEL='tcg', X07_VM_CACHE_DIR=cls.base + '/cache', X07_VM_STATE_DIR=cls.base + '/jobs',
                       X07_NATIVE_CACHE_DIR=cls.base + '/native', X07_NATIVE_COMPILER=os.environ.get(
                           'X07_NATIVE_COMPILER', ''))
        cls.image = cls.vm('build-image')

    @classmethod
    def vm(cls, word, code=0, **env):
        done = subprocess.run([X07, 'vm', word], env=dict(cls.env, **env), capture_output=True, text=True, check=False,
                              timeout=300)
        if done.returncode != code:
            raise AssertionError('x07 vm %s ended with %d: %s%s' % (word, done.returncode, done.stdout, done.stderr))
        report = json.loads(done.stdout)
        return report['result'] if code == 0 else report['error']

    def setUp(self):
        self.work = tempfile.mkdtemp(prefix='work-', dir=self.base)
        for folder in ('in', 'out'):
            os.mkdir(os.path.join(self.work, folder))

    def write(self, name, text):
        with open(os.path.join(self.work, name), 'w') as out:
            out.write(text)

    def identity(self, name):
        """What would change if the file were written or replaced."""
        found = os.stat(os.path.join(self.work, name))
        return found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_mode, found.st_size

    def read(self, name):
        with open(os.path.join(self.work, name)) as text:
            return text.read()

    def job(self, script, backend='vm', policy=None, limits=None):
        return {'backend': backend, 'world': 'run-os-sandboxed', 'policy': policy or POLICY, 'program': '/bin/sh',
                'argv': ['sh', '-c', script], 'environment': ['PATH=/bin', 'A=1'], 'directory': self.work,
                'limits': limits or {'wall_ms': 60000}}

    def start(self, jobs, **env):
        host = subprocess.Popen([RUN_JOBS, os.path.join(os.path.dirname(X07), '..', 'lib', 'x07', 'plugins')],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=dict(self.env, **env), cwd=self.work)
        host.stdin.write(json.dumps(jobs))
        host.stdin.close()
        host.stdin = None
        return host

    def run_jobs(self, *jobs, left=(), **env):
        host = self.start(jobs, **env)
        out, err = host.communicate(timeout=300)
        answers = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(len(answers), len(jobs), out + err)
        if os.path.exists(self.base + '/jobs'):
            self.assertEqual(sorted(os.listdir(self.base + '/jobs')), sorted(left))
        return answers

    def machines(self):
        """QEMU processes of this test."""
        found = []
        for pid in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open('/proc/%s/cmdline' % pid, 'rb') as line:
                    if self.base.encode() in line.read() and int(pid) != os.getpid():
                        found.append(pid)
            except OSError:
                pass
        return found

    def check_no_machine(self):
        """A machine that was killed may still be giving back its memory."""
        end = time.monotonic() + 5
        while self.machines() and time.monotonic() < end:
            time.sleep(0.02)
        self.assertEqual(self.machines(), [])

    def test_same_report_as_without_a_boundary(self):
        self.write('main.x07.json', json.dumps(ECHO))
        self.write('policy.json', json.dumps(POLICY))
        reports = []
        with open(os.path.join(self.work, 'input'), 'wb') as out:
            out.write(bytes(range(256)) * 4096)
        for backend in ('none', 'vm'):
            done = subprocess.run([X07, 'run', '--program', 'main.x07.json', '--world', 'run-os-sandboxed', '--policy',
                                   'policy.json', '--sandbox-backend', backend, '--i-accept-weaker-isolation',
                                   '--input', 'input', '--max-output-bytes', '2000000'],
                                  cwd=self.work, env=self.env, capture_output=True, check=False, timeout=300)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(b'not a security boundary' in done.stderr, backend == 'vm', done.stderr)
            reports.append(json.loads(done.stdout))
        self.assertTrue(reports[1]['solve']['ok'])
        self.assertEqual(reports[0], reports[1])

    def plant_files(self):
        for folder in ('in', 'out'):
            shutil.rmtree(os.path.join(self.work, folder))
            os.mkdir(os.path.join(self.work, folder))
        self.write('in/file', 'given\n')
        os.symlink('file', os.path.join(self.work, 'in', 'link'))
        self.write('secret', 'secret\n')
        for name in ('old', 'gone', 'gone-too', 'kept'):
            self.write('out/' + name, name + '\n')

    def test_files(self):
        for way in ('share', 'copy'):
            self.plant_files()
            if way == 'share':  # more than a guest could hold
                with open(os.path.join(self.work, 'in', 'big'), 'wb') as big:
                    big.seek(150000 * 4096)
                    big.write(b'x' * 4096)
                    big.truncate(600 << 20)
            else:
                self.write('in/big', '')
            before = self.identity('out/kept')
            answer, = self.run_jobs(self.job(FILES), X07_VM_ROOTS=way)
            self.assertEqual((answer['status'], answer['signal']), (0, 0), answer)
            self.assertEqual(answer['out'], 'read given\nthrough a link given\nin is read-only\nso is the rest\nzones\n'
                             'in/big in/file in/link out/folder out/good-link out/kept out/moved out/new out/old ', answer)
            left = sorted(os.listdir(os.path.join(self.work, 'out')))
            self.assertEqual(left, ['block', 'folder', 'good-link', 'kept', 'moved', 'new', 'old'])
            self.assertEqual([self.read('out/' + name) for name in ('new', 'old', 'folder/deep', 'good-link', 'moved')],
                             ['new\n', 'changed\nmore\n', 'deep\n', 'changed\nmore\n', 'gone-too\n'])
            self.assertEqual(self.read('out/block'), 'x' * 4096 if way == 'share' else '')
            self.assertEqual(self.identity('out/kept'), before)
            self.assertEqual(self.read('in/file'), 'given\n')
            self.assertIn('shared-files' if way == 'share' else 'copied-files', answer['boundary']['layers'])
        self.check_no_machine()

    def test_live_files(self):
        """Each side sees what the other does while the program runs, and what was done when it is killed stays."""
        self.plant_files()
        os.makedirs(os.path.join(self.work, 'nested/in'))
        os.mkdir(os.path.join(self.work, 'nested/out'))
        self.write('nested/in/file', 'file\n')
        self.write('alone', 'file\n')
        roots = {'read_roots': ['in', 'nested', 'nested/in', 'alone', 'missing'], 'write_roots': ['out', 'nested/out']}
        host = self.start([self.job(LIVE, policy=dict(POLICY, fs=dict(POLICY['fs'], **roots)),
                                    limits={'wall_ms': 6000})])
        end = time.monotonic() + 60
        while not os.path.exists(os.path.join(self.work, 'out/ready')) and time.monotonic() < end:
            time.sleep(0.01)
        self.assertEqual((self.read('out/ready'), self.read('out/open')), ('here', 'one '))
        self.write('in/file', 'changed meanwhile\n')
        self.write('late', 'late\n')
        os.rename(os.path.join(self.work, 'late'), os.path.join(self.work, 'in/late'))
        out, err = host.communicate(timeout=300)
        answer = json.loads(out)
        self.assertEqual(answer['out'], 'late\nchanged meanwhile\ngone but open\nonly out is writable\nnested file\n'
                         'alone file\n', out + err)
        self.assertEqual((answer['timed_out'], answer['signal']), (1, signal.SIGKILL), answer)
        self.assertEqual(sorted(os.listdir(os.path.join(self.work, 'out'))), ['gone', 'gone-too', 'kept', 'old', 'ready'])
        self.check_no_machine()

    def test_recorded_calls(self):
        os.mkdir(os.path.join(self.work, 'calls'))
        calls = vm_calls.Calls(X07, os.path.join(self.work, 'calls'))
        policy = dict(POLICY, fs=dict(POLICY['fs'], write_roots=['calls']),
                      process=dict(POLICY['process'], max_spawns=1000, allow_execs=[calls.executable]))
        answer, = self.run_jobs(self.job(calls.script(), policy=policy, limits={'wall_ms': 300000}))
        self.assertEqual(answer['exit'], 0, answer)
        self.assertEqual(calls.differences(), [])

    def test_limits_and_streams(self):
        loop, much, much_err, env, died, cpu = self.run_jobs(
            self.job('while :; do :; done', limits={'wall_ms': 500}),
            self.job('while :; do printf 0123456789abcdef; done', limits={'wall_ms': 60000, 'out_bytes': 1000}),
            self.job('while :; do printf 0123456789abcdef >&2; done', limits={'wall_ms': 60000, 'err_bytes': 1000}),
            self.job('printf "$A:$HOME:$PWD"; printf err >&2; exit 7'),
            self.job('kill -TERM $$'),
            self.job('while :; do :; done', limits={'wall_ms': 60000, 'cpu_seconds': 1}))
        self.assertEqual((loop['status'], loop['timed_out'], loop['signal']), (0, 1, signal.SIGKILL), loop)
        self.assertEqual((much['status'], much['out_capped'], len(much['out'])), (0, 1, 1000), much)
        self.assertEqual((much_err['status'], much_err['err_capped'], len(much_err['err'])), (0, 1, 1000), much_err)
        self.assertEqual((env['exit'], env['out'], env['err']), (7, '1::' + self.work, 'err'), env)
        self.assertEqual((died['exit'], died['signal']), (-1, signal.SIGTERM), died)
        self.assertEqual((cpu['timed_out'], cpu['signal']), (0, signal.SIGKILL), cpu)
        boundary = env['boundary']
        self.assertEqual((boundary['strength'], boundary['security_boundary']), ('none', False), boundary)
        self.assertIn('seccomp', boundary['qemu_layers'])
        self.assertEqual(boundary['guest_digest'], self.image['guest_digest'])
        self.check_no_machine()

    def test_network(self):
        servers = network_checks.Servers()
        self.addCleanup(servers.close)
        answer, = self.run_jobs(servers.job('vm', POLICY, self.work))
        network_checks.check(self, servers, answer)
        self.assertIn('relayed-network', answer['boundary']['layers'])
        self.check_no_machine()

    def test_refused(self):
        many = [{'host': '10.0.0.%d' % i, 'ports': list(range(1, 33))} for i in range(40)]
        net = dict(POLICY, net=dict(POLICY['net'], enabled=True, allow_tcp=True, allow_hosts=many))
        everything = dict(POLICY, fs=dict(POLICY['fs'], read_roots=['/']))
        kernel_files = dict(POLICY, fs=dict(POLICY['fs'], read_roots=['/proc']))
        for policy, words in ((net, 'policy.net'), (everything, 'the root /'), (kernel_files, '/proc')):
            answer, = self.run_jobs(self.job('printf ran', policy=policy))
            self.assertEqual((answer['status'], answer['out']), (REFUSED, ''), answer)
            self.assertIn(words, answer['message'])

    def test_unavailable(self):
        wrong = 'sha256:' + '0' * 64
        cases = [({'X07_VM_KERNEL': '/no/kernel'}, '/no/kernel'), ({'X07_VM_KERNEL': '/'}, 'not a file'),
                 ({'X07_VM_QEMU': '/no/qemu'}, '/no/qemu'), ({'X07_VM_GUEST_IMAGE_DIGEST': 'abc'}, 'invalid digest'),
                 ({'X07_VM_ACCEL': 'hvf'}, 'expected one of: kvm, tcg'),
                 ({'X07_VM_ROOTS': '9p'}, 'expected one of: share, copy'),
                 ({'X07_VM_GUEST_IMAGE_DIGEST': wrong}, 'guest digest mismatch for qemu-microvm: expected "%s", got "%s"'
                  % (wrong, self.image['guest_digest']))]
        if not os.path.exists('/dev/kvm'):
            cases.append(({'X07_VM_ACCEL': 'kvm'}, 'X07_VM_ACCEL=tcg'))
        for env, words in cases:
            answer, = self.run_jobs(self.job('printf ran'), **env)
            self.assertNotEqual(answer['status'], 0, answer)
            self.assertEqual(answer['out'], '')
            self.assertIn(words, answer['message'])
        answer, = self.run_jobs(self.job('printf ran'), X07_VM_GUEST_IMAGE_DIGEST=self.image['guest_digest'])
        self.assertEqual(answer['out'], 'ran', answer)

    def test_not_a_kernel(self):
        self.write('vmlinuz-nothing', 'no kernel\n' * 1000)
        error = self.vm('build-image', 20, X07_VM_KERNEL=os.path.join(self.work, 'vmlinuz-nothing'))
        self.assertIn(error['code'], ('E_VM_QEMU', 'E_VM_BOOT'))
        self.assertEqual([name for name in os.listdir(self.base + '/cache') if name.startswith('build-')], [])

    def test_killed_host_leaves_nothing(self):
        self.write('out/old', 'old\n')
        host = self.start([self.job('printf x > out/old; while :; do :; done')])
        end = time.monotonic() + 60
        while not self.machines() and time.monotonic() < end:
            time.sleep(0.01)
        self.assertNotEqual(self.machines(), [])
        while not (runs := self.vm('status')['runs']) or not runs[0]['labels']:
            self.assertLess(time.monotonic(), end)
        self.check_labels(runs, host.pid)
        host.kill()
        host.communicate()
        self.assertEqual([run['left_over'] for run in self.vm('status')['runs']], [True])
        self.check_no_machine()
        for name in ('1000000000000-%d-0-run', '1000000000001-999999999-0-run', '%d-%%d-7-run' % (time.time() * 1000)):
            os.mkdir(self.base + '/jobs/' + (name % os.getpid() if '%' in name else name))
        self.run_jobs(self.job('printf next'), left=[name % os.getpid()])  # sweeps what is left, but for what may go on
        os.rmdir(self.base + '/jobs/' + name % os.getpid())

    def check_labels(self, runs, pid):
        self.assertEqual([run['left_over'] for run in runs], [False])
        labels = runs[0]['labels']
        with open(self.base + '/runner_instance') as text:
            instance = text.read()
        self.assertRegex(instance, r'^ri-[0-9a-f]{32}\n$')
        self.assertRegex(runs[0]['run_id'], r'^[0-9]+-%d-0-run$' % pid)
        self.assertGreater(int(labels['io.x07.deadline_unix_ms']), int(labels['io.x07.created_unix_ms']))
        for key, value in (('schema', '1'), ('run_id', runs[0]['run_id']), ('job_id', runs[0]['run_id']),
                           ('runner_instance', instance.strip()), ('backend', 'vm.qemu-microvm')):
            self.assertEqual(labels['io.x07.' + key], value)

    def test_labels_refused(self):
        where = {'X07_VM_STATE_DIR': self.work + '/state/jobs'}
        os.mkdir(self.work + '/state')
        for instance, words in (
                ('a!b\n', 'invalid label value for key io.x07.runner_instance: "a!b": contains invalid character'),
                ('a b\n', "invalid runner_instance in %s/state/runner_instance: must not contain whitespace" % self.work),
                ('a=b\n', "must not contain '='"), ('\n', 'empty'), ('x' * 129, 'at most 128 bytes')):
            self.write('state/runner_instance', instance)
            answer, = self.run_jobs(self.job('printf ran'), **where)
            self.assertNotEqual(answer['status'], 0, answer)
            self.assertIn(words, answer['message'])
            self.assertEqual((answer['out'], os.listdir(self.work + '/state/jobs')), ('', []))

    def test_status_and_damage(self):
        status = self.vm('status')
        self.assertTrue(status['available'])
        self.assertEqual(status['strength'], 'none')
        self.assertIn('not a security boundary', status['reason'])
        with open(os.path.join(self.image['template'], 'devices'), 'r+b') as file:
            file.seek(100)
            file.write(b'damage')
        answer, = self.run_jobs(self.job('printf whole'))
        self.assertEqual(answer['out'], 'whole', answer)
        empty = {'X07_VM_CACHE_DIR': self.work + '/cache'}
        self.assertIn('not known yet', self.vm('status', **empty)['reason'])
        os.makedirs(self.work + '/cache/' + os.path.basename(self.image['template']))
        self.assertEqual(self.vm('prune', **empty)['removed_templates'], 1)
        self.assertEqual(os.listdir(self.work + '/cache'), [])


if __name__ == '__main__':
    unittest.main()
