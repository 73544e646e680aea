"""pkg_tool.py: what the tests of `x07 pkg` share: a project, an index beside it, and what must hold after every command.
Reports are checked against spec/; a command that failed must have left the project's files as they were."""
import json
import os
import shlex
import subprocess

import jsonschema

import packages
from tool import TIMEOUT, ToolTest, drafts, listing, shorten

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'spec')


def validator(name):
    with open(os.path.join(SPEC, name + '.schema.json'), encoding='utf-8') as file:
        return jsonschema.Draft202012Validator(json.load(file))


class PkgTest(ToolTest):
    REPORT, PROVIDES = validator('x07-pkg.report'), validator('x07-pkg.provides.report')

    def setUp(self):
        super().setUp()
        self.registry = packages.Registry(os.path.join(self.folder, 'registry'))
        self.app = os.path.join(self.folder, 'app')
        os.mkdir(self.app)
        self.set_project()

    def set_project(self, **fields):
        self.write(packages.project(**fields), 'app/x07.json')

    def read(self, name):
        with open(os.path.join(self.app, name), 'rb') as file:
            return file.read()

    def manifest(self):
        return json.loads(self.read('x07.json'))

    def lock(self):
        return json.loads(self.read('x07.lock.json'))

    def dependencies(self):
        return ['%s@%s' % (d['name'], d['version']) for d in self.manifest()['dependencies']]

    def state(self):
        """The files that a failure must not touch: all but what is beneath .x07."""
        return {path: self.read(path) for path in listing(self.app) if '/.x07/' not in path}

    def installed(self):
        """Packages that are there, whole or not."""
        deps = os.path.join(self.app, '.x07', 'deps')
        return sorted('%s@%s' % (name, version) for name in os.listdir(deps) for version in
                      os.listdir(os.path.join(deps, name))) if os.path.isdir(deps) else []

    def pkg(self, *arguments, code=0, env=None, stdin=subprocess.DEVNULL, **settings):
        """Runs `x07 pkg` in the project's folder; returns its report, or what it said on stderr when that is all."""
        command = [self.binary, 'pkg', *arguments]
        before = self.state()
        done = subprocess.run(command, cwd=self.app, env=env or self.environment(**settings), stdin=stdin,
                              capture_output=True, timeout=TIMEOUT)
        shown = 'ran: %s\nexit: %d\nstdout: %s\nstderr: %s' % (
            shlex.join(map(os.fsdecode, command)), done.returncode, shorten(done.stdout), shorten(done.stderr))
        self.assertEqual(done.returncode, code, shown)
        self.assertEqual(drafts(listing(self.app)), [], 'a partial file was left\n' + shown)
        staged = os.path.join(self.app, '.x07', 'tmp')
        left = [name for name in os.listdir(staged) if name.startswith('unpack_')] if os.path.isdir(staged) else []
        self.assertFalse(left, 'something staged was left\n' + shown)
        if code:
            self.assertEqual(self.state(), before, 'a failure changed the project\n' + shown)
        if code == 2:
            self.assertEqual(done.stdout, b'', shown)
            return done.stderr.decode()
        self.assertEqual(done.stdout.count(b'\n'), 1, shown)
        report = json.loads(done.stdout)
        (self.PROVIDES if arguments[0] == 'provides' else self.REPORT).validate(report)
        self.assertEqual(report['ok'], code == 0, shown)
        return report

    def refused(self, *arguments, **keywords):
        """The code and message of a report that says no."""
        error = self.pkg(*arguments, code=20, **keywords)['error']
        return error['code'], error['message']
