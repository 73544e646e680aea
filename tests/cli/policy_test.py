"""policy_test.py: policies on the command line: templates, what a sandboxed program is told and held to, and which sandbox
backend is chosen. The recorded answers are in tests/conformance/policy-cli.jsonl; this is what they leave open."""
import json
import os
import subprocess
import unittest

import jsonschema

from tool import ECHO, ToolTest, document

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'spec')
NONE = ('--sandbox-backend', 'none', '--i-accept-weaker-isolation')
ENV_GET = document(['os.env.get', ['view.to_bytes', 'input']])
UNSAFE = document(['begin', ['let', 'n', ['unsafe', 7]], ['bytes.alloc', 'n']])
FOREVER = document(['begin', ['for', 'i', 0, 2000000000, ['for', 'j', 0, 2000000000, ['set', 'n', ['+', 'n', 'j']]]],
                    ['bytes.alloc', 0]])
FOREVER['solve'].insert(1, ['let', 'n', 0])

# cpu_ms, wall_ms, mem_bytes, fds, procs, write_roots, allow_glob, max_read, max_write, max_entries, max_depth, net,
# env keys, wall clock, max_sleep_ms, native code, database drivers, spawning
TEMPLATES = {
    'cli': (60000, 120000, 1 << 29, 128, 16, ['out'], True, 1 << 26, 1 << 26, 50000, 64, False, [], True, 0, False, [],
            False),
    'http-client': (180000, 300000, 1 << 30, 256, 32, ['out'], False, 1 << 26, 1 << 28, 20000, 32, True, [], True, 5000,
                    True, [], False),
    'web-service': (180000, 600000, 1 << 30, 512, 64, ['out'], True, 1 << 26, 1 << 27, 50000, 64, True,
                    ['PORT', 'HOST', 'LOG_LEVEL'], True, 1000, True, [], False),
    'fs-tool': (90000, 180000, 1 << 29, 256, 16, ['src', 'out'], True, 1 << 28, 1 << 28, 200000, 128, False, [], True, 0,
                False, [], False),
    'sqlite-app': (120000, 300000, 1 << 30, 256, 32, ['out'], True, 1 << 27, 1 << 28, 100000, 64, False, [], True, 0,
                   True, ['sqlite'], False),
    'postgres-client': (120000, 300000, 1 << 30, 256, 32, ['out'], True, 1 << 26, 1 << 26, 50000, 64, False, [], True, 0,
                        True, ['postgres'], False),
    'worker': (300000, 300000, 1 << 30, 64, 16, [], False, 0, 0, 0, 0, False, [], False, 5000, False, [], False),
    'worker-parallel': (300000, 300000, 1 << 30, 128, 1024, [], False, 0, 0, 0, 0, False, [], False, 5000, False, [],
                        True),
}


def features(policy):
    limits, fs, net, env, time = (policy[name] for name in ('limits', 'fs', 'net', 'env', 'time'))
    drivers = policy.get('db', {}).get('drivers', {})
    return (limits['cpu_ms'], limits['wall_ms'], limits['mem_bytes'], limits['fds'], limits['procs'], fs['write_roots'],
            fs['allow_glob'], fs['max_read_bytes'], fs['max_write_bytes'], fs['max_entries'], fs['max_depth'],
            net['enabled'] and net['allow_dns'] and net['allow_tcp'], env['allow_keys'], time['allow_wall_clock'],
            time['max_sleep_ms'], policy['language']['allow_unsafe'] and policy['language']['allow_ffi'],
            [name for name in drivers if drivers[name]], policy['process']['allow_spawn'])


class Policies(ToolTest):
    def init(self, *arguments):
        """`x07 policy init`: exit code, stdout, stderr."""
        done = subprocess.run([self.binary, 'policy', 'init', *arguments], cwd=self.folder, env=self.environment(),
                              capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def made(self, *arguments, code=0):
        """The document that it prints."""
        exit, out, err = self.init(*arguments)
        self.assertEqual((exit, err), (code, ''), arguments)
        return json.loads(out)

    def schema(self, name):
        with open(os.path.join(SPEC, name + '.schema.json'), encoding='utf-8') as file:
            return jsonschema.Draft202012Validator(json.load(file))

    def policy(self, **sections):
        """Writes the policy of the template worker with members of its sections changed."""
        policy = self.made('--template', 'worker', '--emit', 'policy', '--out', 'base.json')
        for section, members in sections.items():
            policy[section].update(members)
        return self.write(policy, 'policy.json')

    def run_sandboxed(self, program, policy, *arguments, backend=NONE, input=b'', **options):
        self.write(input, 'input.bin')
        return self.x07('run', '--program', self.write(program), '--world', 'run-os-sandboxed', '--policy', policy,
                        '--repair', 'off', '--input', 'input.bin', *backend, *arguments, **options)

    def test_templates(self):
        report, document_schema = self.schema('x07-policy.init.report'), self.schema('x07-run-os.policy')
        for name, expected in TEMPLATES.items():
            made = self.made('--template', name)
            report.validate(made)
            path = '.x07/policies/base/%s.sandbox.base.policy.json' % name
            self.assertEqual((made['out'], made['status'], made['policy_id'], made['project_root']),
                             (path, 'created', 'sandbox.%s.base' % name, self.folder))
            with open(os.path.join(self.folder, path), encoding='utf-8') as file:
                text = file.read()
            policy = json.loads(text)
            document_schema.validate(policy)
            self.assertEqual(text, json.dumps(policy, indent=2, sort_keys=True) + '\n')
            self.assertEqual(features(policy), expected, name)
            answer = self.run_sandboxed(ECHO, path)
            self.assertEqual(answer.exit, 0, answer)

    def test_template_files(self):
        os.makedirs(os.path.join(self.folder, 'app', 'src'))
        self.write('{}', 'app/x07.json')
        target = ('--project', 'app/x07.json', '--template', 'cli', '--policy-id', 'mine')
        status = lambda made: (made['status'], made['out'])
        self.assertEqual(status(self.made(*target, '--out', 'p.json')), ('created', 'p.json'))
        self.assertEqual(status(self.made(*target, '--out', 'p.json')), ('unchanged', 'p.json'))
        self.write('{}', 'app/p.json')
        self.assertEqual(status(self.made(*target, '--out', 'p.json', code=2)),
                         ('exists_different', 'p.json'))
        with open(os.path.join(self.folder, 'app', 'p.json'), encoding='utf-8') as file:
            self.assertEqual(file.read(), '{}')
        self.assertEqual(status(self.made(*target, '--out', 'p.json', '--force')),
                         ('overwritten', 'p.json'))
        self.assertEqual(status(self.made(*target, '--out', 'a/b/p.json', '--mkdir-out')),
                         ('created', 'a/b/p.json'))
        for arguments, message in (
                (('--template', 'cli', '--out', 'no/p.json'), 'refusing to create output dir'),
                (('--template', 'cli', '--policy-id', ''), '--policy-id must be 1..=64 chars'),
                (('--template', 'cli', '--policy-id', 'a b'), '--policy-id must match'),
                (('--template', 'cli', '--project', 'app'), '--project is not a file: app'),
                (('--template', 'nothing'), 'invalid value'), ((), '--template')):
            exit, out, err = self.init(*arguments)
            self.assertEqual((exit, out), (2, ''), err)
            self.assertIn(message, err)

    def test_what_the_program_is_told(self):
        policy = self.policy(env={'enabled': True, 'allow_keys': ['MODE'], 'deny_keys': []})
        env = self.environment(MODE='fast', OTHER='x', X07_OS_ENV_ALLOW_KEYS='OTHER')
        solve = self.run_sandboxed(ENV_GET, policy, input=b'MODE', env=env).report['solve']
        self.assertEqual((solve['trap'], solve['solve_output_b64']), (None, 'ZmFzdA=='))
        solve = self.run_sandboxed(ENV_GET, policy, input=b'OTHER', env=env).report['solve']
        self.assertIn('os.env.get key not allowed', solve['trap'])
        # Without a policy, variables of one mean nothing.
        env = self.environment(MODE='fast', X07_OS_SANDBOXED='1', X07_OS_ENV='0')
        solve = self.x07('run', '--program', self.write(ENV_GET), '--input', 'input.bin', env=env).report['solve']
        self.assertIsNone(solve['trap'])

    def test_what_the_compiler_lets_pass(self):
        answer = self.run_sandboxed(UNSAFE, self.policy())
        self.assertIn('unsafe', answer.compile_error, answer)
        answer = self.run_sandboxed(UNSAFE, self.policy(language={'allow_unsafe': True}))
        self.assertEqual(answer.exit, 0, answer)

    def test_limits(self):
        fuel = ('--solve-fuel', str(2**63), '--cpu-time-limit-seconds', '600')
        solve = self.run_sandboxed(FOREVER, self.policy(limits={'wall_ms': 100}), *fuel).report['solve']
        self.assertEqual((solve['exit_status'], solve['trap']), (137, 'timed out'))
        solve = self.run_sandboxed(ECHO, self.policy(limits={'fds': 0})).report['solve']
        self.assertEqual((solve['exit_status'], solve['ok']), (127, False))

    def test_selection(self):
        policy = self.policy()
        closed = ('run-os-sandboxed defaults to sandbox_backend=vm and fails closed; effective sandbox backend is None\n\n'
                  'fix:\n  - use a VM backend: --sandbox-backend=vm (default), or\n  - explicitly accept weaker isolation: '
                  '--i-accept-weaker-isolation (or set X07_I_ACCEPT_WEAKER_ISOLATION=1)\n')
        one_of = ' (expected one of: auto, '
        for backend, env, message in (
                (('--sandbox-backend', 'none'), {}, closed),
                ((), {'X07_SANDBOX_BACKEND': ' None\t'}, closed),
                ((), {'X07_SANDBOX_BACKEND': 'none', 'X07_I_ACCEPT_WEAKER_ISOLATION': 'no'}, closed),
                (('--sandbox-backend', 'None'), {}, 'invalid sandbox backend "None"' + one_of),
                (NONE, {'X07_SANDBOX_BACKEND': 'Wat'}, 'invalid environment variable X07_SANDBOX_BACKEND="Wat": '
                 'invalid sandbox backend "wat"' + one_of),
                (NONE, {'X07_I_ACCEPT_WEAKER_ISOLATION': 'maybe'}, 'invalid environment variable '
                 'X07_I_ACCEPT_WEAKER_ISOLATION="maybe" (expected one of: 1, 0, true, false, yes, no)\n')):
            answer = self.run_sandboxed(ECHO, policy, backend=backend, env=self.environment(**env))
            self.assertEqual((answer.exit, answer.stdout), (2, b''), answer)
            self.assertTrue(answer.stderr.decode().startswith(message), answer)
        env = self.environment(X07_SANDBOX_BACKEND='NONE', X07_I_ACCEPT_WEAKER_ISOLATION='yes')
        done = subprocess.run([self.binary, 'run', '--program', 'main.x07.json', '--world', 'run-os-sandboxed', '--policy',
                               policy, '--report', 'full'], cwd=self.folder, env=env, capture_output=True, timeout=60)
        full = json.loads(done.stdout)
        self.schema('x07-run.report').validate(full)
        self.assertEqual(full['facts']['sandbox'], {'backend': 'none', 'backend_id': 'x07.sandbox.none', 'boundary': {
            'layers': ['rlimits', 'policy-gate'], 'strength': 'none'}})
        # A backend that serves another world only: nothing runs, and the report says why.
        answer = self.x07('run', '--program', self.write(ECHO), '--sandbox-backend', 'vm')
        if b'invalid sandbox backend' not in answer.stderr:
            self.assertEqual((answer.exit, answer.report['solve'], answer.report['compile']['trap']), (
                1, None, 'vm backend failure: sandbox_backend=vm is only supported for --world run-os-sandboxed'))
            self.schema('x07-os-runner.report').validate(answer.report)


if __name__ == '__main__':
    unittest.main()
